import { randomUUID } from 'node:crypto';
import { listen, POOL, type Pool } from 'database';
import { channels, SyncStatus } from 'model';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { aServer, type Ask, type TestServer } from '../../test/server.js';
import { aSyncFlow, deploy, modelOf } from '../deploy/test/a-deploy.js';

describe('the syncs of a connection', () => {
  let server: TestServer;
  let key: string;
  const [first, second] = ['first', 'second'];

  beforeAll(async () => {
    server = await aServer();
    const integration = await anIntegration(server);
    key = integration.uniqueKey;
    for (const connectionId of [first, second]) await aConnection(server, { integrationId: integration.id, connectionId });
    await deploy(server, [aSyncFlow('tasks', key), aSyncFlow('users', key)]);
  });
  afterAll(() => server?.close());
  beforeEach(async () => {
    await server.database.script.updateMany({ data: { enabled: true } });
    await server.database.sync.updateMany({ data: { state: 'started', frequencyMs: null, appliedRevision: 1, scheduleRevision: 1 } });
    await server.database.$executeRaw`update sync set trigger_request = null`;
  });

  const post = (path: string, body: object, ask: Ask = {}) => server.ask(path, { method: 'POST', body, ...ask });
  const rows = (where: object = {}) =>
    server.database.sync.findMany({
      where: { state: { not: 'deleted' }, ...where },
      include: { script: true, connection: true },
      orderBy: { createdAt: 'asc' },
    });
  const named = (name: string, connectionId: string) => ({ script: { name }, connection: { connectionId } });
  const triggered = async () =>
    (await rows())
      .filter(({ triggerRequest }) => triggerRequest !== null)
      .map((row) => `${row.script.name}@${row.connection.connectionId}`)
      .toSorted();

  describe('when triggered', () => {
    it('ask for a run in their rows, as the body says', async () => {
      const answer = await post('/sync/trigger', { provider_config_key: key, connection_id: first, syncs: ['tasks'] });
      expect([answer.status, answer.body]).toEqual([200, { success: true }]);
      expect(await triggered()).toEqual(['tasks@first']);
      expect((await rows(named('tasks', first)))[0]).toMatchObject({ triggerRequest: {}, scheduleRevision: 2 });
    });

    it('may be named by headers', async () => {
      await post('/sync/trigger', { syncs: ['users'] }, { headers: { 'connection-id': second, 'provider-config-key': key } });
      expect(await triggered()).toEqual(['users@second']);
    });

    it('are all of them when none is named, on every connection when none is', async () => {
      await post('/sync/trigger', { provider_config_key: key, connection_id: first });
      expect(await triggered()).toEqual(['tasks@first', 'users@first']);
      await post('/sync/trigger', { provider_config_key: key, syncs: [] });
      expect(await triggered()).toHaveLength(4);
    });

    it.each([
      [{ full_resync: true }, { fullResync: true }],
      [{ full_resync: false }, {}],
      [{ opts: { reset: true } }, { fullResync: true }],
      [{ opts: { reset: true, emptyCache: true } }, { fullResync: true, emptyCache: true }],
      [{ sync_mode: 'incremental' }, {}],
      [{ sync_mode: 'full_refresh_and_clear_cache' }, { fullResync: true, emptyCache: true }],
    ])('keep the options %j for the run', async (options, expected) => {
      await post('/sync/trigger', { provider_config_key: key, connection_id: first, syncs: [{ name: 'tasks' }], ...options });
      expect((await rows(named('tasks', first)))[0]?.triggerRequest).toEqual(expected);
    });

    it('add options to a request that waits', async () => {
      for (const options of [{ full_resync: true }, {}])
        await post('/sync/trigger', { provider_config_key: key, connection_id: first, syncs: ['tasks'], ...options });
      expect((await rows(named('tasks', first)))[0]?.triggerRequest).toEqual({ fullResync: true });
    });

    it('tell the orchestrator', async () => {
      const told: string[] = [];
      const subscription = await listen(server.app.get<Pool>(POOL), channels.syncSchedule, (id) => told.push(id));
      await post('/sync/trigger', { provider_config_key: key, connection_id: first, syncs: ['tasks'] });
      const [row] = await rows(named('tasks', first));
      await expect.poll(() => told).toEqual([row?.id]);
      await subscription.close();
    });

    it.each([
      [400, 'invalid_body', { syncs: 'tasks' }],
      [400, 'invalid_body', { syncs: [], full_resync: true, opts: { reset: true } }],
      [400, 'missing_provider_config_key', { provider_config_key: undefined }],
      [400, 'unknown_provider_config', { provider_config_key: 'nowhere' }],
      [404, 'unknown_connection', { connection_id: 'nobody' }],
      [404, 'unknown_sync', { syncs: ['tasks', 'stale'] }],
      [400, 'no_syncs_found', { syncs: [{ name: 'tasks', variant: 'eu' }] }],
    ])('are refused with %d %s for %j', async (status, code, change) => {
      const answer = await post('/sync/trigger', { provider_config_key: key, syncs: ['tasks'], ...change });
      expect([answer.status, answer.body.error.code]).toEqual([status, code]);
      expect(await triggered()).toEqual([]);
    });

    it('are refused when they are disabled, and left out of all', async () => {
      await server.database.script.updateMany({ where: { name: 'tasks' }, data: { enabled: false } });
      const named = await post('/sync/trigger', { provider_config_key: key, syncs: ['tasks'] });
      expect([named.status, named.body.error.code]).toEqual([404, 'disabled_resource']);
      await post('/sync/trigger', { provider_config_key: key });
      expect(await triggered()).toEqual(['users@first', 'users@second']);
    });

    it('are out of reach for another environment and without a key', async () => {
      const elsewhere = await post('/sync/trigger', { provider_config_key: key, syncs: ['tasks'] }, { as: 'prod' });
      expect(elsewhere.body.error.code).toBe('unknown_provider_config');
      expect((await post('/sync/trigger', { provider_config_key: key }, { as: null })).status).toBe(401);
    });
  });

  describe('when cancelled', () => {
    it('are asked for nothing any more', async () => {
      await post('/sync/trigger', { provider_config_key: key, connection_id: first, syncs: ['tasks'] });
      expect((await post('/sync/cancel', { provider_config_key: key, connection_id: first, syncs: ['tasks'] })).body).toEqual({ success: true });
      expect(await triggered()).toEqual([]);
    });

    it('are refused what is unknown, elsewhere or without a key', async () => {
      expect((await post('/sync/cancel', { provider_config_key: key, syncs: ['stale'] })).body.error.code).toBe('unknown_sync');
      expect((await post('/sync/cancel', { provider_config_key: key, syncs: 7 })).body.error.code).toBe('invalid_body');
      expect((await post('/sync/cancel', { provider_config_key: key }, { as: 'prod' })).body.error.code).toBe('unknown_provider_config');
      expect((await post('/sync/cancel', { provider_config_key: key }, { as: null })).status).toBe(401);
    });
  });

  describe('when paused and started', () => {
    it('change their state, each time with a new revision', async () => {
      const body = { provider_config_key: key, connection_id: first, syncs: ['tasks'] };
      expect((await post('/sync/pause', body)).body).toEqual({ success: true });
      expect((await rows({ state: 'paused' })).map(({ script, scheduleRevision }) => [script.name, scheduleRevision])).toEqual([['tasks', 2]]);
      expect((await post('/sync/start', body)).status).toBe(200);
      expect(await rows({ state: 'paused' })).toEqual([]);
    });

    it.each(['/sync/pause', '/sync/start'])('%s refuses what is unknown, elsewhere or without a key', async (path) => {
      expect((await post(path, { provider_config_key: key, syncs: ['stale'] })).body.error.code).toBe('unknown_sync');
      expect((await post(path, { provider_config_key: key, syncs: 7 })).body.error.code).toBe('invalid_body');
      expect((await post(path, { provider_config_key: key }, { as: 'prod' })).body.error.code).toBe('unknown_provider_config');
      expect((await post(path, { provider_config_key: key }, { as: null })).status).toBe(401);
    });
  });

  describe('when asked for their status', () => {
    const status = (query: string, ask: Ask = {}) => server.ask(`/sync/status?${query}`, ask);

    it('tell of the latest run and its counts', async () => {
      const [sync] = await rows(named('tasks', first));
      await anExecution(sync?.id ?? '', { status: 'succeeded', counts: { added: 3, updated: 2, deleted: 1 } });
      const { status: code, body } = await status(`provider_config_key=${key}&syncs=tasks&connection_id=${first}`);
      expect(code).toBe(200);
      expect(body.syncs).toEqual([
        expect.objectContaining({
          id: sync?.id,
          connection_id: first,
          name: 'tasks',
          variant: 'base',
          status: 'SUCCESS',
          type: 'INITIAL',
          frequency: '1h',
          latestExecutionStatus: 'SUCCESS',
          latestResult: { [modelOf('tasks')]: { added: 3, updated: 2, deleted: 1 } },
          recordCount: { [modelOf('tasks')]: 0 },
          finishedAt: expect.stringMatching(/Z$/),
        }),
      ]);
      expect(SyncStatus.parse(body.syncs[0])).toEqual(body.syncs[0]);
    });

    it('are in error after a failed run, running in the next one, and paused in the end', async () => {
      const [sync] = await rows(named('users', first));
      const now = async () => (await status(`provider_config_key=${key}&syncs=users&connection_id=${first}`)).body.syncs[0].status;
      await anExecution(sync?.id ?? '', { status: 'failed' });
      expect(await now()).toBe('ERROR');
      const { executionId } = await anExecution(sync?.id ?? '', { status: 'running' });
      expect(await now()).toBe('RUNNING');
      await server.database.execution.update({ where: { id: executionId }, data: { status: 'succeeded' } });
      await post('/sync/pause', { provider_config_key: key, syncs: ['users'] });
      expect(await now()).toBe('PAUSED');
    });

    it('are all of them with *, several with commas, with their variant', async () => {
      const names = async (query: string) => (await status(`provider_config_key=${key}&${query}`)).body.syncs.map((sync: SyncStatus) => sync.name).toSorted();
      expect(await names('syncs=*')).toEqual(['tasks', 'tasks', 'users', 'users']);
      expect(await names(`syncs=tasks,users&connection_id=${second}`)).toEqual(['tasks', 'users']);
      expect(await names('syncs=tasks::base')).toEqual(['tasks', 'tasks']);
    });

    it('are none for an integration without connections', async () => {
      const { uniqueKey } = await anIntegration(server);
      expect((await status(`provider_config_key=${uniqueKey}&syncs=*`)).body).toEqual({ syncs: [] });
    });

    it.each([
      [400, 'invalid_query_params', 'syncs=tasks'],
      [404, 'unknown_sync', 'provider_config_key=KEY&syncs=stale'],
      [404, 'unknown_connection', 'provider_config_key=KEY&syncs=*&connection_id=nobody'],
    ])('are refused with %d %s for %s', async (code, error, query) => {
      const answer = await status(query.replace('KEY', key));
      expect([answer.status, answer.body.error.code]).toEqual([code, error]);
    });

    it('are out of reach for another environment and without a key', async () => {
      expect((await status(`provider_config_key=${key}&syncs=*`, { as: 'prod' })).body.error.code).toBe('unknown_provider_config');
      expect((await status(`provider_config_key=${key}&syncs=*`, { as: null })).status).toBe(401);
    });
  });

  describe('when given a frequency of their own', () => {
    const set = (change: object, ask: Ask = {}) =>
      server.ask('/sync/update-connection-frequency', {
        method: 'PUT',
        body: { provider_config_key: key, connection_id: first, sync_name: 'tasks', frequency: 'every 30 minutes', ...change },
        ...ask,
      });

    it('take it, and give it back for null', async () => {
      expect((await set({})).body).toEqual({ frequency: '30m' });
      expect((await rows(named('tasks', first)))[0]).toMatchObject({ frequencyMs: 1_800_000, scheduleRevision: 2 });
      expect((await set({ frequency: 'every month' })).body).toEqual({ frequency: '30d' });
      expect((await set({ frequency: null })).body).toEqual({ frequency: '1h' });
      expect((await rows(named('tasks', first)))[0]?.frequencyMs).toBeNull();
    });

    it('may follow a clock instead', async () => {
      expect((await set({ frequency: 'cron 0 9 * * 1-5 Europe/Berlin' })).body).toEqual({ frequency: 'cron 0 9 * * 1-5 Europe/Berlin' });
      expect((await rows(named('tasks', first)))[0]).toMatchObject({ frequencyMs: null, frequencyCron: '0 9 * * 1-5 Europe/Berlin' });
      const { body } = await server.ask(`/sync/status?provider_config_key=${key}&syncs=tasks&connection_id=${first}`);
      expect(body.syncs[0]).toMatchObject({ frequency: 'cron 0 9 * * 1-5 Europe/Berlin', skipped: null });
      expect((await set({ frequency: null })).body).toEqual({ frequency: '1h' });
      expect((await rows(named('tasks', first)))[0]?.frequencyCron).toBeNull();
    });

    it.each([
      [400, 'sync_interval_invalid', { frequency: 'cron 0 9 * * 1-5 Atlantis' }],
      [400, 'sync_interval_too_short', { frequency: '10s' }],
      [400, 'sync_interval_invalid', { frequency: 'often' }],
      [400, 'invalid_body', { connection_id: undefined }],
      [404, 'unknown_sync', { sync_name: 'stale' }],
      [404, 'unknown_connection', { connection_id: 'nobody' }],
    ])('are refused with %d %s for %j', async (status, code, change) => {
      const answer = await set(change);
      expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    });

    it('are out of reach for another environment and without a key', async () => {
      expect((await set({}, { as: 'prod' })).body.error.code).toBe('unknown_provider_config');
      expect((await set({}, { as: null })).status).toBe(401);
    });
  });

  describe('when deleted', () => {
    const remove = (id: string, ask: Ask = {}) => server.ask(`/sync/${id}?connection_id=${second}&provider_config_key=${key}`, { method: 'DELETE', ...ask });

    it('are marked for the orchestrator and seen no more', async () => {
      const [sync] = await rows(named('users', second));
      expect((await remove(sync?.id ?? '', { as: 'prod' })).status).toBe(400);
      expect((await remove(sync?.id ?? '', { as: null })).status).toBe(401);
      expect((await remove(sync?.id ?? '')).status).toBe(204);
      expect(await server.database.sync.findUnique({ where: { id: sync?.id ?? '' } })).toMatchObject({ state: 'deleted', deletedAt: expect.any(Date) });
      expect((await remove(sync?.id ?? '')).body.error.code).toBe('unknown_sync');
    });

    it('are refused by an id that is none', async () => {
      expect((await remove('tasks')).body.error.code).toBe('invalid_uri_params');
      expect((await remove(randomUUID())).status).toBe(404);
    });
  });

  async function anExecution(syncId: string, { status, counts }: { status: string; counts?: { added: number; updated: number; deleted: number } }) {
    const sync = await server.database.sync.findUniqueOrThrow({ where: { id: syncId }, include: { script: true } });
    const { environmentId, connectionId, script } = sync;
    const finishedAt = status === 'running' ? null : new Date();
    const ids = { id: randomUUID(), operationId: randomUUID(), syncId, scriptVersionId: script.activeVersionId ?? 0 };
    const row = await server.database.execution.create({ data: { ...ids, environmentId, connectionId, kind: 'sync', status, runKind: 'INITIAL', finishedAt } });
    if (counts) await server.database.executionCount.create({ data: { executionId: row.id, environmentId, model: modelOf(script.name), ...counts } });
    return { executionId: row.id };
  }
});
