import { randomUUID } from 'node:crypto';
import { openPool, type Pool } from 'database';
import { freshDatabase, type TestDatabase } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RateBudgetRepository } from './rate-budget.repository.js';

const hour = 60 * 60_000;

describe('rate budgets that nobody uses any more', () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await freshDatabase();
    pool = openPool(database.url);
  });
  afterAll(async () => {
    await pool?.end();
    await database?.drop();
  });

  const insert = async (sql: string, values: unknown[] = []): Promise<number> =>
    (await pool.query<{ id: number }>(`${sql} RETURNING id`, values)).rows[0]?.id ?? 0;
  const anEnvironment = async () => {
    const account = await insert(`INSERT INTO account (name) VALUES ('test')`);
    const values = [account, Buffer.from(randomUUID()), randomUUID()];
    return insert(`INSERT INTO environment (account_id, name, secret_key_hash, secret_key, public_key) VALUES ($1, 'dev', $2, '', $3)`, values);
  };
  const anIntegration = (environmentId: number) =>
    insert(`INSERT INTO integration (environment_id, unique_key, provider) VALUES ($1, $2, 'private-api-bearer')`, [environmentId, randomUUID()]);
  const aConnection = (environmentId: number, integrationId: number, { deleted = false } = {}) =>
    insert(`INSERT INTO connection (environment_id, integration_id, connection_id, credentials, deleted_at) VALUES ($1, $2, $3, '', $4)`, [
      environmentId,
      integrationId,
      randomUUID(),
      deleted ? new Date() : null,
    ]);
  const aBudget = (environmentId: number, scope: string, ownerId: number, ageHours = 2) =>
    pool.query(`INSERT INTO rate_budget (environment_id, scope, owner_id, state, updated_at) VALUES ($1, $2, $3, '{}', now() - $4 * interval '1 hour')`, [
      environmentId,
      scope,
      ownerId,
      ageHours,
    ]);

  it('go with their connection or integration, when no call has been under way for a while; all others stay', async () => {
    const environmentId = await anEnvironment();
    const [used, left] = [await anIntegration(environmentId), await anIntegration(environmentId)];
    const [living, deleted, justNow] = [
      await aConnection(environmentId, used),
      await aConnection(environmentId, left, { deleted: true }),
      await aConnection(environmentId, left, { deleted: true }),
    ];
    await aBudget(environmentId, 'connection', living);
    await aBudget(environmentId, 'connection', deleted);
    await aBudget(environmentId, 'connection', justNow, 0.5);
    await aBudget(environmentId, 'integration', used);
    await aBudget(environmentId, 'integration', left);
    expect(await new RateBudgetRepository(pool).drop(hour)).toBe(2);
    const { rows } = await pool.query<{ scope: string; owner_id: number }>('SELECT scope, owner_id FROM rate_budget ORDER BY scope, owner_id');
    expect(rows.map(({ scope, owner_id }) => [scope, owner_id])).toEqual([
      ['connection', living],
      ['connection', justNow],
      ['integration', used],
    ]);
  });

  it("are not kept by another environment's connection of the same number", async () => {
    const [mine, theirs] = [await anEnvironment(), await anEnvironment()];
    const theirConnection = await aConnection(theirs, await anIntegration(theirs));
    await aBudget(mine, 'connection', theirConnection);
    expect(await new RateBudgetRepository(pool).drop(hour)).toBe(1);
  });
});
