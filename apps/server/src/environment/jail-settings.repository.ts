import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';
import { JailSettings } from 'model';
import { DashboardRunner } from 'model/dashboard';
import { announce } from '../access/configuration-changes.repository.js';

/** A runner reports once a minute. */
const aliveMs = 3 * 60_000;

/** How an environment runs its scripts, and where: the runners are everybody's. */
@Injectable()
export class JailSettingsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async read(environmentId: number): Promise<JailSettings> {
    const { jailReuse, executionLimits: limits } = await this.database.environment.findUniqueOrThrow({
      where: { id: environmentId },
      select: { jailReuse: true, executionLimits: true },
    });
    return JailSettings.parse({ jailReuse, limits });
  }

  async write(environmentId: number, { jailReuse, limits }: JailSettings): Promise<void> {
    await this.database.$transaction(async (transaction) => {
      await transaction.environment.update({ where: { id: environmentId }, data: { jailReuse, executionLimits: limits } });
      await announce(transaction, 'environment', [environmentId]);
    });
  }

  /** The walls of the runners that have been heard of lately, each once, weakest first. */
  async runners(): Promise<DashboardRunner[]> {
    const rows = await this.database.runner.findMany({
      where: { seenAt: { gt: new Date(Date.now() - aliveMs) } },
      distinct: ['tier', 'details'],
      select: { tier: true, details: true },
      orderBy: [{ tier: 'desc' }, { details: 'asc' }],
    });
    return rows.map((row) => DashboardRunner.parse(row));
  }
}
