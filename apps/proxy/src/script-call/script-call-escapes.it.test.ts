import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProxy, type TestConnection } from '../test/proxy.js';

/** E35 stands with the 64 targets of S-01, in `egress/ssrf-targets.it.test.ts`. */
describe("a script's way out", () => {
  let proxy: TestProxy;
  let connection: TestConnection;
  beforeAll(async () => {
    proxy = await TestProxy.start();
    connection = await proxy.aConnection();
  });
  afterAll(() => proxy?.stop());

  const call = (request: object, bearer: string) => proxy.inside('calls', bearer, { call: randomUUID(), method: 'GET', endpoint: '/x', ...request });
  const connectionOf = (request: object, bearer: string) => proxy.inside('connections', bearer, { call: randomUUID(), ...request });
  const audit = async (execution: { id: string }) =>
    (
      await proxy.pool.query(
        `SELECT m.level, m.environment_id AS environment, m.meta FROM operation_message m JOIN execution e ON e.operation_id = m.operation_id WHERE e.id = $1 ORDER BY m.id`,
        [execution.id],
      )
    ).rows;

  it("E36 leads to no other connection or environment, whoever is asked for it, and the run's log says who was", async () => {
    const execution = await proxy.anExecution(connection);
    const others = [await proxy.aConnection(), await proxy.aConnection({ environment: 'prod' }), { ...connection, connectionId: 'nope' }];
    for (const { connectionId, providerConfigKey } of others) {
      expect((await call({ connectionId, providerConfigKey }, execution.token)).status).toBe(403);
      expect((await call({ method: 'POST', connectionId, providerConfigKey }, execution.token)).status).toBe(403);
      expect((await connectionOf({ connectionId, providerConfigKey }, execution.token)).status).toBe(403);
    }
    const lines = others.flatMap(({ connectionId, providerConfigKey }) =>
      Array.from({ length: 3 }, () => ({
        level: 'warn',
        environment: proxy.environments.dev.id,
        meta: { event: 'audit.connection_refused', providerConfigKey, connectionId },
      })),
    );
    expect(await audit(execution)).toEqual(lines);
  });

  it('E36 fills no log, however often it is tried', async () => {
    const execution = await proxy.anExecution(connection);
    for (let n = 0; n < 30; n++) expect((await call({ connectionId: `guess-${n}` }, execution.token)).status).toBe(403);
    expect(await audit(execution)).toHaveLength(10);
  });

  it('E36 is closed to made-up tokens, and to true ones once the execution is over, which is told', async () => {
    expect((await call({}, `exe_${'x'.repeat(43)}`)).status).toBe(401);
    const ended = await proxy.anExecution(connection);
    expect((await call({}, ended.token)).status).toBe(200);
    expect(await audit(ended)).toEqual([]);
    await proxy.pool.query(`UPDATE execution SET status = 'succeeded' WHERE id = $1`, [ended.id]);
    expect((await call({}, ended.token)).status).toBe(401);
    expect((await connectionOf({}, ended.token)).status).toBe(401);
    expect(await audit(ended)).toMatchObject([{ meta: { event: 'audit.token_refused' } }, { meta: { event: 'audit.token_refused' } }]);
  });
});
