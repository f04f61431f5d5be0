import { randomUUID } from 'node:crypto';
import { purposes } from 'credentials';
import { IntentStore } from 'journal/postgres';
import type { BeginAnswer } from 'model';
import { serviceToken } from 'service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPlatform, type TestPlatform } from '../test/platform.js';
import { aScript, aSync, type ScriptOptions } from '../test/rows.js';
import { ask } from '../test/runner.js';

type Run = Extract<BeginAnswer, { kind: 'run' }>;

describe('the execution API', () => {
  let platform: TestPlatform;

  beforeAll(async () => {
    platform = await startPlatform({ ORCHESTRATOR_ROLE: 'execution' });
  });
  afterAll(() => platform?.stop());

  const call = (token: string, path: string, body?: unknown) => ask<Record<string, unknown>>(platform, token, path, body);
  const one = async (sql: string, values: unknown[]) => (await platform.pool.query<Record<string, unknown>>(sql, values)).rows[0];
  const begin = (executionId: string, attempt = 1) =>
    ask<BeginAnswer>(platform, platform.runnerToken, `/executions/${executionId}/begin`, {
      activityId: 'a',
      attempt,
      scheduledAt: new Date(attempt * 1_000).toISOString(),
    });
  const run = async (executionId: string, attempt = 1): Promise<Run> => {
    const { body } = await begin(executionId, attempt);
    if (body.kind !== 'run') throw new Error(JSON.stringify(body));
    return body;
  };
  const anAction = async (options: ScriptOptions = {}, input: unknown = { channel: 'C1' }) => {
    const script = await aScript(platform, { type: 'action', name: 'alert', ...options });
    const { executionId } = await platform.executions.open({ ...script, kind: 'action', input });
    return { ...script, executionId };
  };
  const aRunningSync = async (options: Parameters<typeof aSync>[1] = {}) => {
    const sync = await aSync(platform, options);
    const opening = await platform.executions.openSync({ syncId: sync.syncId, workflowRunId: randomUUID(), emptyCache: async () => undefined });
    if (opening.kind !== 'opened') throw new Error(opening.reason);
    return { ...sync, executionId: opening.executionId, ...(await run(opening.executionId)) };
  };
  const withAction = async (parent: { environmentId: number; integrationId: number }, name = 'alert') => {
    const { scriptId, scriptVersionId } = await aScript(platform, { type: 'action', name });
    await platform.pool.query('UPDATE script SET environment_id = $2, integration_id = $3 WHERE id = $1', [
      scriptId,
      parent.environmentId,
      parent.integrationId,
    ]);
    await platform.pool.query('UPDATE script_version SET environment_id = $2 WHERE id = $1', [scriptVersionId, parent.environmentId]);
    return scriptId;
  };
  const save = (token: string, query: string, records: unknown) => call(token, `/execution/records?${query}`, records);

  describe('begin', () => {
    it('hands out everything a script may know, its input and its bundle', async () => {
      const { executionId, environmentId, connectionId } = await anAction({ attributes: { limit: 5 }, code: 'exports.default = 1' });
      const { token, context, input, limits, bundleHash } = await run(executionId);
      expect({ input, bundleHash, wallMs: limits.wallMs }).toEqual({ input: { channel: 'C1' }, bundleHash: 'hash', wallMs: 900_000 });
      expect(context).toEqual({
        executionId,
        operationId: expect.any(String),
        kind: 'action',
        environmentId,
        environmentName: 'dev',
        connectionId: 'c1',
        providerConfigKey: 'asana-dev',
        provider: 'asana',
        nangoConnectionId: connectionId,
        syncId: null,
        variant: 'base',
        scriptName: 'alert',
        models: ['Task'],
        trackDeletes: false,
        attributes: { limit: 5 },
        lastSyncDate: null,
        entry: 'default',
        providerPagination: expect.anything(),
      });
      const bundle = await fetch(`${platform.service.url}/execution/bundle`, { headers: { authorization: `Bearer ${token}` } });
      expect([bundle.headers.get('content-type'), await bundle.text()]).toEqual(['text/plain; charset=utf-8', 'exports.default = 1']);
    });

    it('is open to runners alone', async () => {
      const { executionId } = await anAction();
      const path = `/executions/${executionId}/begin`;
      expect((await call('svc_nonsense', path, {})).status).toBe(401);
      expect((await call(serviceToken(platform.configuration.NANGO_INTERNAL_KEY, 'server'), path, {})).status).toBe(403);
    });

    it('refuses what is no attempt, and an execution that is not there', async () => {
      expect(await call(platform.runnerToken, '/executions/x/begin', {})).toMatchObject({
        status: 400,
        body: { error: { code: expect.stringMatching(/^invalid_/) } },
      });
      expect(await begin(randomUUID())).toMatchObject({ status: 404, body: { error: { code: 'unknown_execution' } } });
    });

    it('ends a killed action as interrupted instead of running it again', async () => {
      const { executionId, environmentId } = await anAction();
      await run(executionId);
      expect(await begin(executionId, 2)).toEqual({ status: 200, body: { kind: 'over', status: 'failed' } });
      expect(await platform.executions.find(environmentId, executionId)).toMatchObject({ status: 'failed', error: { code: 'execution_interrupted' } });
    });

    it('ends a killed sync that has written outside, and says so on its connection', async () => {
      const { executionId, environmentId, generation, syncId } = await aRunningSync();
      await new IntentStore(platform.pool).open({ executionId, environmentId, generation }, 'post:x:0');
      expect((await begin(executionId, 2)).body).toEqual({ kind: 'over', status: 'failed' });
      expect(await one(`SELECT type FROM connection_error WHERE sync_id = $1`, [syncId])).toEqual({ type: 'sync' });
      expect(await one(`SELECT lease_execution_id AS lease FROM sync WHERE id = $1`, [syncId])).toEqual({ lease: null });
    });
  });

  describe('a token', () => {
    it.each(['/execution/bundle', '/execution/environment-variables'])('that is not one opens nothing: %s', async (path) => {
      for (const token of ['exe_nonsense', platform.runnerToken, `exe_${'x'.repeat(43)}`]) expect((await call(token, path)).status).toBe(401);
    });

    it('of an attempt that was taken over opens nothing', async () => {
      const { token, executionId } = await aRunningSync();
      const second = await run(executionId, 2);
      expect((await save(token, 'call=c&model=Task&operation=save', [{ id: '1' }])).status).toBe(401);
      expect((await call(token, '/execution/finish', { kind: 'succeeded' })).status).toBe(401);
      expect((await save(second.token, 'call=c&model=Task&operation=save', [{ id: '1' }])).status).toBe(200);
    });

    it('of an execution that has ended saves nothing more', async () => {
      const { token } = await aRunningSync();
      await call(token, '/execution/finish', { kind: 'succeeded' });
      expect(await save(token, 'call=c&model=Task&operation=save', [{ id: '1' }])).toMatchObject({
        status: 409,
        body: { error: { code: 'execution_fenced' } },
      });
    });
  });

  describe('a save', () => {
    it('counts, and answers a repeat of the same call as the first time', async () => {
      const { token, environmentId, connectionId } = await aRunningSync();
      const first = await save(token, 'call=c1&model=Task&operation=save', [{ id: '1' }, { id: 2 }, { id: '1' }]);
      expect(first).toEqual({ status: 200, body: { added: 2, updated: 0, deleted: 0, unchanged: 0, duplicates: ['1'] } });
      expect(await save(token, 'call=c1&model=Task&operation=save', [{ id: '9' }])).toEqual(first);
      expect((await save(token, 'call=c2&model=Task&operation=delete', [{ id: '1' }])).body).toMatchObject({ deleted: 1 });
      expect(await platform.records.counts(environmentId, connectionId)).toEqual({ Task: 1 });
    });

    it('takes fifty thousand records at once', async () => {
      const { token } = await aRunningSync();
      const records = Array.from({ length: 50_000 }, (_, n) => ({ id: String(n), text: 'x'.repeat(300) }));
      expect((await save(token, 'call=c&model=Task&operation=save', records)).body).toMatchObject({ added: 50_000 });
    });

    it('of an undeclared model names the declared ones', async () => {
      const { token } = await aRunningSync({ models: ['Task', 'User'] });
      expect(await save(token, 'call=c&model=Tusk&operation=save', [{ id: '1' }])).toMatchObject({
        status: 400,
        body: { error: { code: 'unknown_model', message: "'Tusk' is not a model of this script; it declares Task, User" } },
      });
    });

    it('without ids, without JSON or without a model is refused', async () => {
      const { token } = await aRunningSync();
      expect((await save(token, 'call=c&model=Task&operation=save', [{}])).body).toMatchObject({ error: { code: 'invalid_record' } });
      expect((await save(token, 'call=c&model=Task&operation=save', {})).body).toMatchObject({ error: { code: 'invalid_json' } });
      expect((await save(token, 'call=c&operation=save', [])).body).toMatchObject({ error: { code: 'invalid_query_params' } });
    });

    it('of a variant is kept under its own model', async () => {
      const { token, environmentId, connectionId } = await aRunningSync({ variant: 'archived' });
      await save(token, 'call=c&model=Task&operation=save', [{ id: '1' }]);
      expect(await platform.records.counts(environmentId, connectionId)).toEqual({ 'Task::archived': 1 });
    });
  });

  describe('metadata', () => {
    it('is replaced or merged, once for each call', async () => {
      const { token, connectionId } = await aRunningSync();
      const set = (id: string, mode: string, metadata: object) => call(token, '/execution/metadata', { call: id, mode, metadata });
      expect((await set('c1', 'replace', { a: 1, nul: 'x\0y' })).status).toBe(204);
      await set('c2', 'merge', { b: { c: 2 } });
      await set('c1', 'replace', { gone: true });
      expect(await one('SELECT metadata FROM connection WHERE id = $1', [connectionId])).toEqual({ metadata: { a: 1, nul: 'xy', b: { c: 2 } } });
    });

    it('of another shape is refused', async () => {
      const { token } = await aRunningSync();
      expect(await call(token, '/execution/metadata', { call: 'c', mode: 'replace', metadata: [] })).toMatchObject({
        status: 400,
        body: { error: { code: 'invalid_body' } },
      });
    });
  });

  it('opens the environment variables of its own environment', async () => {
    const { token, environmentId } = await aRunningSync();
    const other = await aScript(platform);
    for (const [environment, name] of [
      [environmentId, 'OURS'],
      [other.environmentId, 'THEIRS'],
    ] as const) {
      const value = await platform.vault.sealText(environment, purposes.environmentVariable, `the value of ${name}`);
      await platform.pool.query('INSERT INTO environment_variable (environment_id, name, value) VALUES ($1, $2, $3)', [environment, name, value]);
    }
    expect((await call(token, '/execution/environment-variables')).body).toEqual([{ name: 'OURS', value: 'the value of OURS' }]);
  });

  it('writes log lines to the operation', async () => {
    const { token, context } = await aRunningSync();
    const messages = [{ at: '2026-01-01T00:00:00.000Z', level: 'warn', message: 'careful\0', meta: { page: 2 } }];
    expect((await call(token, '/execution/logs', { messages })).status).toBe(204);
    expect(await one('SELECT level, message, meta FROM operation_message WHERE operation_id = $1', [context.operationId])).toEqual({
      level: 'warn',
      message: 'careful',
      meta: { page: 2 },
    });
  });

  describe('children', () => {
    const request = { call: 'c1', providerConfigKey: 'asana-dev', connectionId: 'c1', actionName: 'alert', input: { n: 1 } };

    it('open once a call, run, and answer their output to a repeat', async () => {
      const parent = await aRunningSync();
      await withAction(parent);
      const { body } = await call(parent.token, '/execution/children', request);
      expect(body).toEqual({ kind: 'opened', executionId: expect.any(String) });
      const child = await run(String(body['executionId']));
      expect([child.context.kind, child.input]).toEqual(['action', { n: 1 }]);
      await call(child.token, '/execution/finish', { kind: 'succeeded', output: { done: true } });
      expect((await call(parent.token, '/execution/children', request)).body).toEqual({ kind: 'succeeded', output: { done: true } });
    });

    it('answer the error of one that has failed', async () => {
      const parent = await aRunningSync();
      await withAction(parent);
      const { body } = await call(parent.token, '/execution/children', request);
      const child = await run(String(body['executionId']));
      const error = { code: 'action_script_runtime_error', message: 'no', payload: { why: 1 } };
      await call(child.token, '/execution/finish', { kind: 'failed', error });
      expect((await call(parent.token, '/execution/children', request)).body).toEqual({ kind: 'failed', error });
    });

    it('of no known connection, no known action or a disabled one are refused', async () => {
      const parent = await aRunningSync();
      const asked = async (change: object) => (await call(parent.token, '/execution/children', { ...request, ...change })).body;
      expect(await asked({ connectionId: 'c2' })).toMatchObject({ error: { code: 'unknown_connection' } });
      expect(await asked({})).toMatchObject({ error: { code: 'not_found' } });
      await platform.pool.query('UPDATE script SET enabled = false WHERE id = $1', [await withAction(parent)]);
      expect(await asked({})).toMatchObject({ error: { code: 'disabled_resource' } });
    });
  });

  describe('finish', () => {
    it('keeps the output sealed, closes the operation, and answers a repeat the same', async () => {
      const { executionId, environmentId } = await anAction();
      const { token, context } = await run(executionId);
      const finish = () => call(token, '/execution/finish', { kind: 'succeeded', output: { ok: true } });
      expect(await finish()).toEqual({ status: 200, body: { status: 'succeeded' } });
      expect(await finish()).toEqual({ status: 200, body: { status: 'succeeded' } });
      expect(await platform.executions.find(environmentId, executionId)).toMatchObject({ status: 'succeeded', output: { ok: true } });
      expect(String((await one('SELECT output FROM execution WHERE id = $1', [executionId]))?.['output'])).not.toContain('ok');
      expect(await one('SELECT status FROM operation WHERE id = $1', [context.operationId])).toEqual({ status: 'success' });
    });

    it('with a failure keeps the error and writes it to the log', async () => {
      const { executionId, environmentId } = await anAction();
      const { token, context } = await run(executionId);
      const error = { code: 'script_http_error', message: 'it answered 404', upstream: { status: 404, headers: {}, body: { m: 1 } } };
      expect((await call(token, '/execution/finish', { kind: 'failed', error })).body).toEqual({ status: 'failed' });
      expect(await platform.executions.find(environmentId, executionId)).toMatchObject({ status: 'failed', error });
      expect(await one('SELECT level, message FROM operation_message WHERE operation_id = $1', [context.operationId])).toEqual({
        level: 'error',
        message: 'it answered 404',
      });
    });

    it('moves the last sync date to the date the script asked for', async () => {
      const { token, syncId } = await aRunningSync();
      expect((await call(token, '/execution/last-sync-date', { call: 'c', date: '2025-12-24T00:00:00.000Z' })).status).toBe(204);
      expect((await one('SELECT last_sync_date AS date FROM sync WHERE id = $1', [syncId]))?.['date']).toBeNull();
      await call(token, '/execution/finish', { kind: 'succeeded' });
      expect((await one('SELECT last_sync_date AS date FROM sync WHERE id = $1', [syncId]))?.['date']).toEqual(new Date('2025-12-24'));
    });

    it('clears the problem of an earlier failure', async () => {
      const { token, syncId, environmentId, connectionId } = await aRunningSync();
      await platform.pool.query(
        `INSERT INTO connection_error (environment_id, connection_id, type, sync_id, operation_id) VALUES ($1, $2, 'sync', $3, $4), ($1, $2, 'auth', NULL, $4)`,
        [environmentId, connectionId, syncId, randomUUID()],
      );
      await call(token, '/execution/finish', { kind: 'succeeded' });
      expect((await platform.pool.query('SELECT type FROM connection_error WHERE connection_id = $1', [connectionId])).rows).toEqual([{ type: 'auth' }]);
    });

    it('counts what both attempts of a killed sync have saved, once each', async () => {
      const { token, executionId, environmentId } = await aRunningSync({ webhookUrl: 'http://a/hook' });
      await save(token, 'call=p1&model=Task&operation=save', [{ id: '1' }, { id: '2' }]);
      const second = await run(executionId, 2);
      expect((await save(second.token, 'call=p1&model=Task&operation=save', [{ id: '1' }, { id: '2' }])).body).toMatchObject({ added: 0, unchanged: 2 });
      await save(second.token, 'call=p2&model=Task&operation=save', [{ id: '3' }]);
      await call(second.token, '/execution/finish', { kind: 'succeeded' });
      const { rows } = await platform.pool.query<{ body: string }>('SELECT body FROM outbox_event WHERE environment_id = $1', [environmentId]);
      expect(rows.map(({ body }) => JSON.parse(body).responseResults)).toEqual([{ added: 3, updated: 0, deleted: 0 }]);
    });
  });
});
