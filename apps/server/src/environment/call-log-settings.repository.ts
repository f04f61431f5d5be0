import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';
import type { CallLogSettings } from 'model';
import { announce } from '../access/configuration-changes.repository.js';

@Injectable()
export class CallLogSettingsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async read(environmentId: number): Promise<CallLogSettings> {
    const row = await this.database.environment.findUniqueOrThrow({ where: { id: environmentId }, select: { callLogPercent: true } });
    return { log_percent: row.callLogPercent };
  }

  async write(environmentId: number, { log_percent }: CallLogSettings): Promise<void> {
    await this.database.$transaction(async (transaction) => {
      await transaction.environment.update({ where: { id: environmentId }, data: { callLogPercent: log_percent } });
      await announce(transaction, 'environment', [environmentId]);
    });
  }
}
