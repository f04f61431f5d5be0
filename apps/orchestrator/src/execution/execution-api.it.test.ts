import { randomUUID } from 'node:crypto';
import { purposes } from 'credentials';
import { listen } from 'database';
import { decodePage } from 'journal';
import { channels } from 'model';
import { serviceToken } from 'service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionCalls } from '../test/execution-calls.js';
import { startPlatform, type TestPlatform } from '../test/platform.js';
import { aScript } from '../test/rows.js';

describe('the execution API', () => {
  let platform: TestPlatform;
  let calls: ReturnType<typeof executionCalls>;

  beforeAll(async () => {
    platform = await startPlatform({ ORCHESTRATOR_ROLE: 'execution' });
    calls = executionCalls(platform);
  });
  afterAll(() => platform?.stop());

  describe('begin', () => {
    it('hands out everything a script may know, its input and its bundle', async () => {
      const { executionId, environmentId, connectionId } = await calls.anAction({ attributes: { limit: 5 }, code: 'exports.default = 1' });
      const { token, context, input, limits, bundleHash } = await calls.run(executionId);
      expect({ input, bundleHash, wallMs: limits.wallMs }).toEqual({ input: { channel: 'C1' }, bundleHash: 'hash', wallMs: 900_000 });
      expect(context).toEqual({
        executionId,
        operationId: expect.any(String),
        kind: 'action',
        environmentId,
        environmentName: 'dev',
        accountId: expect.any(Number),
        connectionId: 'c1',
        providerConfigKey: 'asana-dev',
        provider: 'asana',
        nangoConnectionId: connectionId,
        syncId: null,
        variant: 'base',
        scriptName: 'alert',
        models: ['Task'],
        trackDeletes: false,
        emptyCache: false,
        refusesInvalidRecords: false,
        attributes: { limit: 5 },
        lastSyncDate: null,
        entry: 'default',
        providerPagination: expect.anything(),
      });
      const bundle = await fetch(`${platform.service.url}/execution/bundle`, { headers: { authorization: `Bearer ${token}` } });
      expect([bundle.headers.get('content-type'), await bundle.text()]).toEqual(['text/plain; charset=utf-8', 'exports.default = 1']);
    });

    it('is open to runners alone', async () => {
      const { executionId } = await calls.anAction();
      const path = `/executions/${executionId}/begin`;
      expect((await calls.call('svc_nonsense', path, {})).status).toBe(401);
      expect((await calls.call(serviceToken(platform.configuration.NANGO_INTERNAL_KEY, 'server'), path, {})).status).toBe(403);
    });

    it('refuses what is no attempt, and an execution that is not there', async () => {
      expect(await calls.call(platform.runnerToken, '/executions/x/begin', {})).toMatchObject({
        status: 400,
        body: { error: { code: expect.stringMatching(/^invalid_/) } },
      });
      expect(await calls.begin(randomUUID())).toMatchObject({ status: 404, body: { error: { code: 'unknown_execution' } } });
    });

    it('resumes a killed run of any kind, and hands out what it has called and read', async () => {
      const action = await calls.anAction();
      expect(await calls.run(action.executionId)).toMatchObject({ resumes: false, logLines: 0 });
      expect(await calls.run(action.executionId, 2)).toMatchObject({ resumes: true, generation: 2, input: { channel: 'C1' } });
      const { token, executionId } = await calls.aRunningSync();
      await calls.perform(token, 'c1', 'setMetadata', { mode: 'replace', metadata: { a: 1 } });
      await calls.save(token, { call: 'c2', model: 'Task', operation: 'save', tape: { from: 0, text: 'C1R' } }, [{ id: '1' }]);
      const resumed = await calls.run(executionId, 2);
      const get = async (path: string) =>
        (await fetch(`${platform.service.url}${path}`, { headers: { authorization: `Bearer ${resumed.token}` } })).arrayBuffer();
      const page = decodePage(new Uint8Array(await get('/execution/journal')));
      expect(page.map(({ call, packed }) => [call, JSON.parse(Buffer.from(packed).toString())])).toEqual([
        ['c1', null],
        ['c2', { added: 1, updated: 0, deleted: 0, unchanged: 0, duplicates: [] }],
      ]);
      expect((await get(`/execution/journal?after=${page[1]?.seq}`)).byteLength).toBe(0);
      expect(Buffer.from(await get('/execution/tape')).toString()).toBe('C1R');
    });
  });

  it('parks a run, which the next attempt takes up again', async () => {
    const { token, executionId } = await calls.aRunningSync();
    const until = new Date(Date.now() + 60_000).toISOString();
    for (let times = 0; times < 2; times += 1) expect((await calls.call(token, '/execution/park', { until })).body).toEqual({ status: 'parked', until });
    expect(await calls.one('SELECT status, parked_until FROM execution WHERE id = $1', [executionId])).toEqual({
      status: 'parked',
      parked_until: new Date(until),
    });
    expect((await calls.perform(token, 'c', 'environmentVariables')).body).toMatchObject({ error: { code: 'execution_fenced' } });
    expect(await calls.run(executionId, 2)).toMatchObject({ resumes: true });
    expect(await calls.one('SELECT status, parked_until FROM execution WHERE id = $1', [executionId])).toEqual({ status: 'running', parked_until: null });
    expect((await calls.call(token, '/execution/park', { until })).status).toBe(401);
  });

  it('keeps whether the script has passed by an error', async () => {
    const { token, executionId } = await calls.aRunningSync();
    await calls.call(token, '/execution/finish', { kind: 'succeeded', sawError: true });
    expect(await calls.one('SELECT swallowed_error AS error FROM execution WHERE id = $1', [executionId])).toEqual({ error: true });
  });

  it('counts log lines, and writes those once that come twice', async () => {
    const { token, executionId, context } = await calls.aRunningSync();
    const line = (message: string) => ({ at: '2026-01-01T00:00:00.000Z', level: 'info', message });
    const send = (from: number, ...lines: string[]) => calls.call(token, '/execution/logs', { from, messages: lines.map(line) });
    await send(0, 'a', 'b');
    await send(0, 'a', 'b');
    await send(1, 'b', 'c');
    const { rows } = await platform.pool.query('SELECT message FROM operation_message WHERE operation_id = $1 ORDER BY id', [context.operationId]);
    expect(rows.map(({ message }: { message: string }) => message)).toEqual(['a', 'b', 'c']);
    expect((await calls.run(executionId, 2)).logLines).toBe(3);
  });

  describe('a token', () => {
    it('that is not one opens nothing', async () => {
      for (const token of ['exe_nonsense', platform.runnerToken, `exe_${'x'.repeat(43)}`]) {
        expect((await calls.call(token, '/execution/bundle')).status).toBe(401);
        expect((await calls.perform(token, 'c', 'environmentVariables')).status).toBe(401);
      }
    });

    it('of an attempt that was taken over opens nothing', async () => {
      const { token, executionId } = await calls.aRunningSync();
      const second = await calls.run(executionId, 2);
      expect((await calls.save(token, { call: 'c', model: 'Task', operation: 'save' }, [{ id: '1' }])).status).toBe(401);
      expect((await calls.call(token, '/execution/finish', { kind: 'succeeded' })).status).toBe(401);
      expect((await calls.save(second.token, { call: 'c', model: 'Task', operation: 'save' }, [{ id: '1' }])).status).toBe(200);
    });

    it('of an execution that has ended saves nothing more', async () => {
      const { token } = await calls.aRunningSync();
      await calls.call(token, '/execution/finish', { kind: 'succeeded' });
      expect(await calls.save(token, { call: 'c', model: 'Task', operation: 'save' }, [{ id: '1' }])).toMatchObject({
        status: 409,
        body: { error: { code: 'execution_fenced' } },
      });
    });
  });

  describe('metadata', () => {
    it('is replaced or merged, once for each call', async () => {
      const { token, connectionId } = await calls.aRunningSync();
      const set = (id: string, mode: string, metadata: object) => calls.perform(token, id, 'setMetadata', { mode, metadata });
      expect(await set('c1', 'replace', { a: 1, nul: 'x\0y' })).toEqual({ status: 200, body: { value: null } });
      await set('c2', 'merge', { b: { c: 2 } });
      await set('c1', 'replace', { gone: true });
      expect(await calls.one('SELECT metadata FROM connection WHERE id = $1', [connectionId])).toEqual({ metadata: { a: 1, nul: 'xy', b: { c: 2 } } });
    });

    it('of another shape is refused', async () => {
      const { token } = await calls.aRunningSync();
      expect(await calls.perform(token, 'c', 'setMetadata', { mode: 'replace', metadata: [] })).toMatchObject({
        status: 400,
        body: { error: { code: 'invalid_body' } },
      });
    });
  });

  it('opens the environment variables of its own environment, and answers a repeat the same', async () => {
    const { token, environmentId } = await calls.aRunningSync();
    const other = await aScript(platform);
    for (const [environment, name] of [
      [environmentId, 'OURS'],
      [other.environmentId, 'THEIRS'],
    ] as const) {
      const value = await platform.vault.sealText(environment, purposes.environmentVariable, `the value of ${name}`);
      await platform.pool.query('INSERT INTO environment_variable (environment_id, name, value) VALUES ($1, $2, $3)', [environment, name, value]);
    }
    const asked = () => calls.perform(token, 'c', 'environmentVariables');
    expect((await asked()).body).toEqual({ value: [{ name: 'OURS', value: 'the value of OURS' }] });
    await platform.pool.query('DELETE FROM environment_variable WHERE environment_id = $1', [environmentId]);
    expect((await asked()).body).toEqual({ value: [{ name: 'OURS', value: 'the value of OURS' }] });
  });

  it('writes log lines to the operation', async () => {
    const { token, context } = await calls.aRunningSync();
    const messages = [{ at: '2026-01-01T00:00:00.000Z', level: 'warn', message: 'careful\0', meta: { page: 2 } }];
    expect((await calls.call(token, '/execution/logs', { messages })).status).toBe(204);
    expect(await calls.one('SELECT level, message, meta FROM operation_message WHERE operation_id = $1', [context.operationId])).toEqual({
      level: 'warn',
      message: 'careful',
      meta: { page: 2 },
    });
  });

  describe('finish', () => {
    it('keeps the output sealed, closes the operation, and answers a repeat the same', async () => {
      const { executionId, environmentId } = await calls.anAction();
      const { token, context } = await calls.run(executionId);
      const finish = () => calls.call(token, '/execution/finish', { kind: 'succeeded', output: { ok: true } });
      expect(await finish()).toEqual({ status: 200, body: { status: 'succeeded' } });
      expect(await finish()).toEqual({ status: 200, body: { status: 'succeeded' } });
      expect(await platform.executions.find(environmentId, executionId)).toMatchObject({ status: 'succeeded', output: { ok: true } });
      expect(String((await calls.one('SELECT output FROM execution WHERE id = $1', [executionId]))?.['output'])).not.toContain('ok');
      expect(await calls.one('SELECT status FROM operation WHERE id = $1', [context.operationId])).toEqual({ status: 'success' });
    });

    it('with a failure keeps the error and writes it to the log', async () => {
      const { executionId, environmentId } = await calls.anAction();
      const { token, context } = await calls.run(executionId);
      const error = { code: 'script_http_error', message: 'it answered 404', upstream: { status: 404, headers: {}, body: { m: 1 } } };
      expect((await calls.call(token, '/execution/finish', { kind: 'failed', error })).body).toEqual({ status: 'failed' });
      expect(await platform.executions.find(environmentId, executionId)).toMatchObject({ status: 'failed', error });
      expect(await calls.one('SELECT level, message FROM operation_message WHERE operation_id = $1', [context.operationId])).toEqual({
        level: 'error',
        message: 'it answered 404',
      });
    });

    it('moves the last sync date to the date the script asked for', async () => {
      const { token, syncId } = await calls.aRunningSync();
      expect((await calls.perform(token, 'c', 'setLastSyncDate', { date: '2025-12-24T00:00:00.000Z' })).status).toBe(200);
      expect((await calls.one('SELECT last_sync_date AS date FROM sync WHERE id = $1', [syncId]))?.['date']).toBeNull();
      await calls.call(token, '/execution/finish', { kind: 'succeeded' });
      expect((await calls.one('SELECT last_sync_date AS date FROM sync WHERE id = $1', [syncId]))?.['date']).toEqual(new Date('2025-12-24'));
    });

    it('clears the problem of an earlier failure, and tells of it', async () => {
      const { token, syncId, environmentId, connectionId } = await calls.aRunningSync();
      const changed: string[] = [];
      const subscription = await listen(platform.pool, channels.configuration, (tag) => changed.push(tag));
      await platform.pool.query(
        `INSERT INTO connection_error (environment_id, connection_id, type, sync_id, operation_id) VALUES ($1, $2, 'sync', $3, $4), ($1, $2, 'auth', NULL, $4)`,
        [environmentId, connectionId, syncId, randomUUID()],
      );
      await calls.call(token, '/execution/finish', { kind: 'succeeded' });
      expect((await platform.pool.query('SELECT type FROM connection_error WHERE connection_id = $1', [connectionId])).rows).toEqual([{ type: 'auth' }]);
      await expect.poll(() => changed).toContain(`connection:${connectionId}`);
      await subscription.close();
    });

    it('counts what both attempts of a killed sync have saved, once each', async () => {
      const { token, executionId, environmentId } = await calls.aRunningSync({ webhookUrl: 'http://a/hook' });
      await calls.save(token, { call: 'p1', model: 'Task', operation: 'save' }, [{ id: '1' }, { id: '2' }]);
      const second = await calls.run(executionId, 2);
      const again = await calls.save(second.token, { call: 'p1', model: 'Task', operation: 'save' }, [{ id: '1' }, { id: '2' }]);
      expect(again.body).toMatchObject({ added: 2, unchanged: 0 });
      await calls.save(second.token, { call: 'p2', model: 'Task', operation: 'save' }, [{ id: '3' }]);
      await calls.call(second.token, '/execution/finish', { kind: 'succeeded' });
      const { rows } = await platform.pool.query<{ body: string }>('SELECT body FROM outbox_event WHERE environment_id = $1', [environmentId]);
      expect(rows.map(({ body }) => JSON.parse(body).responseResults)).toEqual([{ added: 3, updated: 0, deleted: 0 }]);
    });
  });
});
