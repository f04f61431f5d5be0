import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionCalls } from '../test/execution-calls.js';
import { startPlatform, type TestPlatform } from '../test/platform.js';

type Running = { token: string; executionId: string; environmentId: number; connectionId: number; scriptId: number };

describe('what a script asks of the platform', () => {
  let platform: TestPlatform;
  let calls: ReturnType<typeof executionCalls>;
  let last = 0;

  beforeAll(async () => {
    platform = await startPlatform({ ORCHESTRATOR_ROLE: 'execution', NANGO_SERVER_URL: 'https://nango.example/' });
    calls = executionCalls(platform);
  });
  afterAll(() => platform?.stop());

  const perform = (token: string, method: string, args: object = {}) => calls.perform(token, `c${++last}`, method, args);
  const value = async (token: string, method: string, args: object = {}) => (await perform(token, method, args)).body['value'];
  const code = async (answer: ReturnType<typeof perform>) => ((await answer).body as { error?: { code: string } }).error?.code;
  const finish = (token: string) => calls.call(token, '/execution/finish', { kind: 'succeeded' });
  const anotherRun = async ({ environmentId, connectionId, scriptVersionId }: { environmentId: number; connectionId: number; scriptVersionId: number }) => {
    const { executionId } = await platform.executions.open({ kind: 'action', environmentId, connectionId, scriptVersionId, input: null });
    return { executionId, ...(await calls.run(executionId)) };
  };
  const anAction = async () => {
    const action = await calls.anAction();
    return { ...action, ...(await calls.run(action.executionId)) };
  };

  describe('a checkpoint', () => {
    it('is kept with its version, found by the next run, and refused where another has written meanwhile', async () => {
      const first = await anAction();
      expect(await value(first.token, 'getCheckpoint')).toEqual({ value: null, version: 0 });
      expect(await value(first.token, 'saveCheckpoint', { value: { page: 1, done: false }, version: 0 })).toEqual({ version: 1 });
      const second = await anotherRun(first);
      expect(await value(second.token, 'getCheckpoint')).toEqual({ value: { page: 1, done: false }, version: 1 });
      expect(await value(second.token, 'saveCheckpoint', { value: { page: 2 }, version: 1 })).toEqual({ version: 2 });
      expect(await code(perform(first.token, 'saveCheckpoint', { value: { page: 9 }, version: 1 }))).toBe('checkpoint_conflict');
      expect(await value(first.token, 'saveCheckpoint', { value: null, version: null })).toEqual({ version: 3 });
      expect(await value(second.token, 'getCheckpoint')).toEqual({ value: null, version: 3 });
    });

    it('is written once for each call', async () => {
      const { token } = await anAction();
      const save = () => calls.perform(token, 'same', 'saveCheckpoint', { value: { page: 1 }, version: null });
      expect(await save()).toEqual(await save());
      expect(await value(token, 'getCheckpoint')).toEqual({ value: { page: 1 }, version: 1 });
    });

    it('stands in the webhook of its sync, before and after, and goes with a reset', async () => {
      const sync = await calls.aRunningSync({ webhookUrl: 'http://127.0.0.1:1/', always: true });
      await value(sync.token, 'saveCheckpoint', { value: { page: 1 }, version: null });
      await value(sync.token, 'saveCheckpoint', { value: { page: 2 }, version: null });
      await finish(sync.token);
      const sent = await calls.one('SELECT body FROM outbox_event WHERE environment_id = $1', [sync.environmentId]);
      expect(JSON.parse(String(sent?.['body']))).toMatchObject({ checkpoints: { from: null, to: { page: 2 } } });
      await platform.pool.query(`UPDATE sync SET run_options = '{"fullResync": true}' WHERE id = $1`, [sync.syncId]);
      const opening = await platform.executions.openSync({ syncId: sync.syncId, workflowRunId: randomUUID(), emptyCache: async () => undefined });
      expect(opening.kind).toBe('opened');
      expect(await calls.one('SELECT 1 FROM checkpoint WHERE connection_id = $1', [sync.connectionId])).toBeUndefined();
    });
  });

  describe('a lock', () => {
    it('is one run’s until it lets go, ends, or is too late', async () => {
      const first = await anAction();
      const second = await anotherRun(first);
      const take = (run: Running | { token: string }, ttlMs = 60_000) => value(run.token, 'acquireLock', { key: 'k', ttlMs });
      expect([await take(first), await take(second), await take(first)]).toEqual([true, false, true]);
      expect(await value(second.token, 'releaseLock', { key: 'k' })).toBe(false);
      expect(await value(first.token, 'releaseLock', { key: 'k' })).toBe(true);
      expect(await take(second, 1)).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await take(first)).toBe(true);
      await finish(first.token);
      expect(await take(second)).toBe(true);
      await value(second.token, 'releaseAllLocks');
      expect(await calls.one('SELECT 1 FROM script_lock WHERE connection_id = $1', [first.connectionId])).toBeUndefined();
    });

    it('is another one on another connection', async () => {
      const [first, second] = [await anAction(), await anAction()];
      for (const { token } of [first, second]) expect(await value(token, 'acquireLock', { key: 'k', ttlMs: 1_000 })).toBe(true);
    });

    it('is taken by one of many at once', async () => {
      const first = await anAction();
      const runs = [first, ...(await Promise.all(Array.from({ length: 4 }, () => anotherRun(first))))];
      const taken = await Promise.all(runs.map(({ token }) => value(token, 'acquireLock', { key: 'race', ttlMs: 60_000 })));
      expect(taken.filter(Boolean)).toHaveLength(1);
    });
  });

  describe('a sync', () => {
    const requestOf = async (syncId: string) => calls.one('SELECT state, trigger_request AS request FROM sync WHERE id = $1', [syncId]);

    it('is triggered and started as by the public API', async () => {
      const { token, syncId } = await calls.aRunningSync({ state: 'paused' });
      const sync = { provider_config_key: 'asana-dev', connection_id: 'c1', syncs: [{ name: 'tasks', variant: 'base' }] };
      expect((await perform(token, 'triggerSync', { ...sync, full_resync: true })).status).toBe(200);
      expect(await requestOf(syncId)).toEqual({ state: 'paused', request: { fullResync: true } });
      await perform(token, 'startSync', sync);
      expect(await requestOf(syncId)).toMatchObject({ state: 'started' });
    });

    it.each([
      [{ provider_config_key: 'none', syncs: [] }, 'unknown_provider_config'],
      [{ connection_id: 'none', syncs: [] }, 'unknown_connection'],
      [{ syncs: [{ name: 'none', variant: 'base' }] }, 'unknown_sync'],
      [{ syncs: [{ name: 'tasks', variant: 'none' }] }, 'no_syncs_found'],
    ])('is not found by %j', async (args, expected) => {
      const { token } = await calls.aRunningSync();
      expect(await code(perform(token, 'triggerSync', args))).toBe(expected);
    });
  });

  it('the integration, with what is included', async () => {
    const { token, environmentId } = await anAction();
    expect(await value(token, 'getIntegration', { include: [] })).toMatchObject({ unique_key: 'asana-dev', provider: 'asana' });
    const uuid = (await calls.one('SELECT uuid FROM environment WHERE id = $1', [environmentId]))?.['uuid'];
    expect(await value(token, 'getIntegration', { include: ['webhook', 'credentials'] })).toMatchObject({
      webhook_url: `https://nango.example/webhook/${String(uuid)}/asana-dev`,
      credentials: null,
    });
  });

  describe('records', () => {
    const saved = async (options: Parameters<typeof calls.aRunningSync>[0] = {}) => {
      const sync = await calls.aRunningSync(options);
      await calls.save(sync.token, { call: 'save', model: 'Task', operation: 'save' }, [{ id: '1', n: 1 }, { id: '2', n: 2 }, { id: '3' }]);
      await calls.save(sync.token, { call: 'delete', model: 'Task', operation: 'delete' }, [{ id: '3' }]);
      return sync;
    };

    it.each(['base', 'eu'])('are read by id and listed, the living ones: %s', async (variant) => {
      const { token } = await saved({ variant });
      expect(await value(token, 'getRecords', { model: 'Task', ids: ['2', '3', '9'] })).toEqual([{ id: '2', n: 2 }]);
      const page = (await value(token, 'listRecords', { model: 'Task', cursor: null })) as { records: { id: string }[]; next_cursor: null };
      expect([page.records.map(({ id }) => id), page.next_cursor]).toEqual([['1', '2'], null]);
      expect(await code(perform(token, 'getRecords', { model: 'Tusk', ids: [] }))).toBe('unknown_model');
      expect(await code(perform(token, 'listRecords', { model: 'Task', cursor: 'x' }))).toBe('invalid_cursor');
    });

    it('go when they were tracked and not saved since', async () => {
      const { token } = await saved();
      await perform(token, 'trackDeletesStart', { model: 'Task' });
      await calls.save(token, { call: 'again', model: 'Task', operation: 'save' }, [{ id: '1', n: 1 }]);
      expect(await value(token, 'trackDeletesEnd', { model: 'Task' })).toEqual({ deletedKeys: ['2'] });
    });

    it('stay when they were not tracked, which the log says', async () => {
      const { token, operationId } = await withOperation(await saved());
      expect(await value(token, 'trackDeletesEnd', { model: 'Task' })).toEqual({ deletedKeys: [] });
      expect(await calls.one('SELECT message FROM operation_message WHERE operation_id = $1', [operationId])).toMatchObject({
        message: expect.stringContaining('trackDeletesStart'),
      });
    });

    it('that a script saw no more are deleted by the deprecated call', async () => {
      const sync = await saved({ code: 'nango.deleteRecordsFromPreviousExecutions("Task")' });
      await finish(sync.token);
      const opening = await platform.executions.openSync({ syncId: sync.syncId, workflowRunId: randomUUID(), emptyCache: async () => undefined });
      const { token } = await calls.run(opening.kind === 'opened' ? opening.executionId : '');
      await calls.save(token, { call: 'again', model: 'Task', operation: 'save' }, [{ id: '1', n: 1 }]);
      expect(await value(token, 'deletePrevious', { model: 'Task' })).toEqual({ deletedKeys: ['2'] });
    });

    it('of others are left alone where the strategy says so', async () => {
      const { token, environmentId, connectionId } = await saved();
      await perform(token, 'setMergingStrategy', { model: 'Task', strategy: 'ignore_if_modified_after' });
      await platform.records.save({ environmentId, connectionId, model: 'Task', operation: 'save', records: [{ id: '1', n: 100 }] });
      await calls.save(token, { call: 'late', model: 'Task', operation: 'save' }, [{ id: '1', n: 5 }]);
      expect(await value(token, 'getRecords', { model: 'Task', ids: ['1'] })).toEqual([{ id: '1', n: 100 }]);
    });
  });

  const withOperation = async <T extends { executionId: string }>(run: T) => {
    const row = await calls.one('SELECT operation_id AS id FROM execution WHERE id = $1', [run.executionId]);
    return { ...run, operationId: row?.['id'] };
  };
});
