import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database, Prisma, type Transaction } from 'database';
import { BudgetScope, BudgetState, channels, IntegrationRateLimit, RateLimitSetting } from 'model';
import { announce } from '../access/configuration-changes.repository.js';

/** What a team has set for a connection, and what for its integration. */
export type RateLimitSettings = { setting: RateLimitSetting | null; integrationSetting: IntegrationRateLimit | null; integrationId: number };

/** A budget as the proxies keep it. */
export type StoredBudget = { scope: BudgetScope; state: BudgetState; updatedAt: Date };

@Injectable()
export class RateLimitRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async settings(environmentId: number, connectionId: number): Promise<RateLimitSettings> {
    const select = { rateLimit: true, integrationId: true, integration: { select: { rateLimit: true } } } as const;
    const row = await this.database.connection.findFirstOrThrow({ where: { environmentId, id: connectionId }, select });
    const { integrationId, rateLimit, integration } = row;
    return {
      integrationId,
      setting: RateLimitSetting.nullable().parse(rateLimit),
      integrationSetting: IntegrationRateLimit.nullable().parse(integration.rateLimit),
    };
  }

  async integrationSetting(environmentId: number, id: number): Promise<IntegrationRateLimit | null> {
    const row = await this.database.integration.findFirstOrThrow({ where: { environmentId, id }, select: { rateLimit: true } });
    return IntegrationRateLimit.nullable().parse(row.rateLimit);
  }

  async budgets(environmentId: number, owners: readonly { scope: BudgetScope; ownerId: number }[]): Promise<StoredBudget[]> {
    const rows = await this.database.rateBudget.findMany({ where: { environmentId, OR: [...owners] }, orderBy: { scope: 'asc' } });
    return rows.flatMap(({ scope, state, updatedAt }) => {
      const parsed = BudgetState.safeParse(state);
      return parsed.success ? [{ scope: BudgetScope.parse(scope), state: parsed.data, updatedAt }] : [];
    });
  }

  async setForConnection(environmentId: number, id: number, setting: RateLimitSetting | null): Promise<void> {
    await this.database.$transaction(async (transaction) => {
      await transaction.connection.update({ where: { environmentId, id }, data: { rateLimit: setting ?? Prisma.DbNull } });
      await announce(transaction, 'connection', [id]);
      await forgetRefusals(transaction, environmentId, { connectionIds: [id] });
    });
  }

  async setForIntegration(environmentId: number, id: number, setting: IntegrationRateLimit | null): Promise<void> {
    await this.database.$transaction(async (transaction) => {
      await transaction.integration.update({ where: { environmentId, id }, data: { rateLimit: setting ?? Prisma.DbNull } });
      await announce(transaction, 'integration', [id]);
      await forgetRefusals(transaction, environmentId, { integrationId: id, connectionIds: await connectionsOf(transaction, environmentId, id) });
    });
  }
}

async function connectionsOf(transaction: Transaction, environmentId: number, integrationId: number): Promise<number[]> {
  const rows = await transaction.connection.findMany({ where: { environmentId, integrationId, deletedAt: null }, select: { id: true } });
  return rows.map(({ id }) => id);
}

/** Ends the pauses that refusals asked for, forgets what was concluded from them, and tells the proxies: the team's word counts at once. */
async function forgetRefusals(
  transaction: Transaction,
  environmentId: number,
  { integrationId = null, connectionIds }: { integrationId?: number | null; connectionIds: readonly number[] },
): Promise<void> {
  await transaction.$executeRaw`
    with changed as (
      update rate_budget set version = version + 1, updated_at = now(), state = state || jsonb_build_object('blockedUntil', 0, 'refused', null,
        'limits', (select coalesce(jsonb_agg(told), '[]') from jsonb_array_elements(state->'limits') told where told->>'source' <> 'refusals'))
      where environment_id = ${environmentId}
        and (state->>'refused' is not null or (state->>'blockedUntil')::float8 > 0)
        and ((scope = 'connection' and owner_id = any(${[...connectionIds]}::int[])) or (scope = 'integration' and owner_id = ${integrationId}::int))
      returning scope, owner_id
    ) select pg_notify(${channels.rateBudget}, scope || ':' || owner_id) from changed`;
}
