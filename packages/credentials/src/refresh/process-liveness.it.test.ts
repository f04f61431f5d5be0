import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection } from '../test/connection.js';
import { openVault, type TestVault } from '../test/vault.js';
import { findConnection, type StoredConnection } from './connection-row.js';
import { takeLease } from './lease.js';
import { anonymous, ProcessLiveness } from './process-liveness.js';

let test: TestVault;
beforeAll(async () => {
  test = await openVault();
  // Nobody is taken for gone in the first 15 s of Postgres.
  while (!(await is(`pg_postmaster_start_time() < now() - interval '15 seconds'`))) await wait(200);
});
afterAll(() => test.close());

const is = async (condition: string): Promise<boolean> => (await test.pool.query<{ is: boolean }>(`select ${condition} as is`)).rows[0]?.is ?? false;
const connection = async (): Promise<StoredConnection> => findConnection(test.pool, test.vault, await aConnection(test));
const takes = async (of: StoredConnection, token: string, fromGone = true): Promise<boolean> =>
  (await takeLease(test.pool, of, { token, fromGone })) !== undefined;

describe('the lease of a process', () => {
  it('is not taken from one that lives, and is from one that is gone, by those who know it', async () => {
    const [holder, other] = await Promise.all([ProcessLiveness.start(test.pool), ProcessLiveness.start(test.pool)]);
    const leased = await connection();
    expect(await takes(leased, holder.next())).toBe(true);
    expect(await takes(leased, other.next())).toBe(false);
    await holder.stop();
    expect(await takes(leased, other.next(), false)).toBe(false);
    await expect.poll(() => takes(leased, other.next())).toBe(true);
    await other.stop();
  });

  it('is not taken from one that does not show itself, such as an earlier version, before it lapses', async () => {
    const liveness = await ProcessLiveness.start(test.pool);
    const leased = await connection();
    expect(await takes(leased, anonymous.next())).toBe(true);
    expect(await takes(leased, liveness.next())).toBe(false);
    await test.pool.query(`update connection set lease_until = now() - interval '1 second' where id = $1`, [leased.id]);
    expect(await takes(leased, liveness.next())).toBe(true);
    await liveness.stop();
  });

  it('is kept by one whose connection was lost and made again', async () => {
    const [holder, other] = await Promise.all([ProcessLiveness.start(test.pool), ProcessLiveness.start(test.pool)]);
    const leased = await connection();
    const token = holder.next();
    expect(await takes(leased, token)).toBe(true);
    const lock = Buffer.from(token.slice(0, 8), 'hex').readUInt32BE();
    const held = `exists (select 1 from pg_locks where locktype = 'advisory' and objid::bigint = ${lock} and granted)`;
    await test.pool.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid::bigint = $1`, [lock]);
    await expect.poll(() => is(`not ${held}`)).toBe(true);
    await expect.poll(() => is(held)).toBe(true);
    expect(await takes(leased, other.next())).toBe(false);
    await Promise.all([holder.stop(), other.stop()]);
  });
});
