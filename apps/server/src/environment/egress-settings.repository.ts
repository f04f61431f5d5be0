import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';
import type { EgressSettings } from 'model';
import { announce } from '../access/configuration-changes.repository.js';

@Injectable()
export class EgressSettingsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async read(environmentId: number): Promise<EgressSettings> {
    const { egressAllow: allow, egressDeny: deny } = await this.database.environment.findUniqueOrThrow({
      where: { id: environmentId },
      select: { egressAllow: true, egressDeny: true },
    });
    return { allow, deny };
  }

  async write(environmentId: number, { allow, deny }: EgressSettings): Promise<void> {
    await this.database.$transaction(async (transaction) => {
      await transaction.environment.update({ where: { id: environmentId }, data: { egressAllow: allow, egressDeny: deny } });
      await announce(transaction, 'environment', [environmentId]);
    });
  }
}
