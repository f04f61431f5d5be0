import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';

/** How much hangs on an integration. */
export type IntegrationCounts = { connections: number; scripts: number };

@Injectable()
export class DashboardIntegrationRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Until when the client secret before the last rotation is tried; null once that is over. */
  async previousSecretUntil(environmentId: number, id: number): Promise<Date | null> {
    const row = await this.database.integration.findFirst({
      where: { environmentId, id, previousClientSecret: { not: null }, previousClientSecretUntil: { gt: new Date() } },
      select: { previousClientSecretUntil: true },
    });
    return row?.previousClientSecretUntil ?? null;
  }

  /** By the integration's id: living connections and deployed scripts. */
  async counts(environmentId: number): Promise<Map<number, IntegrationCounts>> {
    const rows = await this.database.integration.findMany({
      where: { environmentId },
      select: { id: true, _count: { select: { connections: { where: { deletedAt: null } }, scripts: { where: { activeVersionId: { not: null } } } } } },
    });
    return new Map(rows.map(({ id, _count }) => [id, _count]));
  }
}
