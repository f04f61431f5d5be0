import { randomUUID } from 'node:crypto';
import { openPool, type Pool, transaction } from 'database';
import { freshDatabase, type TestDatabase } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aScript, aSync, reversing } from '../test/rows.js';
import { closeExecution, ExecutionStore, requireGeneration, type RunningExecution } from './index.js';

const noCache = () => Promise.reject(new Error('no cache was to be emptied'));
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const attempt = (number: number, second = number) => ({ activityId: 'a', attempt: number, scheduledAt: at(second) });

describe('executions', () => {
  let database: TestDatabase;
  let pool: Pool;
  let store: ExecutionStore;

  beforeAll(async () => {
    database = await freshDatabase();
    pool = openPool(database.url);
    store = new ExecutionStore(pool, reversing);
  });
  afterAll(async () => {
    await pool?.end();
    await database?.drop();
  });

  const openSync = (syncId: string, workflowRunId: string = randomUUID(), emptyCache = noCache as (cache: unknown) => Promise<void>) =>
    store.openSync({ syncId, workflowRunId, emptyCache });
  const one = async <T>(sql: string, values: unknown[]) => (await pool.query(sql, values)).rows[0] as T;
  const run = async (executionId: string, number: number) => {
    const beginning = await store.begin(executionId, attempt(number));
    if (beginning.kind !== 'run') throw new Error(beginning.kind);
    return beginning;
  };
  const aRunningSync = async () => {
    const sync = await aSync(pool);
    const opening = await openSync(sync.syncId);
    if (opening.kind !== 'opened') throw new Error(opening.reason);
    return { ...sync, ...opening, ...(await run(opening.executionId, 1)) };
  };
  const close = (execution: RunningExecution, status: 'succeeded' | 'failed' | 'lost' = 'succeeded', generation: number | null = execution.generation) =>
    transaction(pool, (client) => closeExecution(client, { executionId: execution.executionId, environmentId: execution.environmentId, generation, status }));

  describe('of a sync', () => {
    it('open with operation and lease, once for a workflow run', async () => {
      const { syncId, environmentId } = await aSync(pool);
      const first = await openSync(syncId, 'run-1');
      expect(first).toMatchObject({ kind: 'opened', environmentId, runKind: 'INITIAL' });
      expect(await openSync(syncId, 'run-1')).toEqual(first);
      const executionId = first.kind === 'opened' ? first.executionId : '';
      expect(await one('SELECT lease_execution_id AS lease FROM sync WHERE id = $1', [syncId])).toEqual({ lease: executionId });
      expect(await one('SELECT kind, title, status, integration, connection_id, script FROM operation WHERE execution_id = $1', [executionId])).toEqual({
        kind: 'sync',
        title: 'tasks',
        status: 'running',
        integration: 'asana-dev',
        connection_id: 'c1',
        script: 'tasks',
      });
    });

    it('are skipped while another run has the lease, and opened when that one has ended', async () => {
      const { syncId, execution } = await aRunningSync();
      expect(await openSync(syncId)).toEqual({ kind: 'skipped', reason: 'already_running' });
      await close(execution);
      expect(await openSync(syncId)).toMatchObject({ kind: 'opened' });
    });

    it('are opened once when two workflows start together', async () => {
      const { syncId } = await aSync(pool);
      const openings = await Promise.all(Array.from({ length: 5 }, () => openSync(syncId)));
      expect(openings.filter(({ kind }) => kind === 'opened')).toHaveLength(1);
    });

    it.each([
      ['unknown_sync', `UPDATE sync SET state = 'deleted' WHERE id = $1`],
      ['connection_deleted', `UPDATE connection SET deleted_at = now() WHERE id = (SELECT connection_id FROM sync WHERE id = $1)`],
      ['script_disabled', `UPDATE script SET enabled = false WHERE id = (SELECT script_id FROM sync WHERE id = $1)`],
    ])('are skipped as %s', async (reason, change) => {
      const { syncId } = await aSync(pool);
      await pool.query(change, [syncId]);
      expect(await openSync(syncId)).toEqual({ kind: 'skipped', reason });
    });

    it('are unknown for a sync that is not there', async () => {
      expect(await openSync(randomUUID())).toEqual({ kind: 'skipped', reason: 'unknown_sync' });
    });

    it('start over once where that was asked: no last date, cache emptied, options taken', async () => {
      const { syncId, connectionId } = await aSync(pool);
      await pool.query(`UPDATE sync SET last_sync_date = now(), run_options = '{"fullResync":true,"emptyCache":true}' WHERE id = $1`, [syncId]);
      const emptied: unknown[] = [];
      const opening = await openSync(syncId, randomUUID(), async (cache) => void emptied.push(cache));
      expect(opening).toMatchObject({ kind: 'opened', runKind: 'INITIAL' });
      expect(emptied).toEqual([expect.objectContaining({ connectionId, models: ['Task'], variant: 'base' })]);
      expect(await one('SELECT run_options, last_sync_date FROM sync WHERE id = $1', [syncId])).toEqual({ run_options: null, last_sync_date: null });
    });

    it('know the last date, to the microsecond', async () => {
      const { syncId } = await aSync(pool);
      await pool.query(`UPDATE sync SET last_sync_date = '2026-01-01T00:00:00.123456Z' WHERE id = $1`, [syncId]);
      const opening = await openSync(syncId);
      expect(opening).toMatchObject({ runKind: 'INCREMENTAL' });
      const executionId = opening.kind === 'opened' ? opening.executionId : '';
      expect(await one(`SELECT to_char(last_sync_date AT TIME ZONE 'UTC', 'SS.US') AS date FROM execution WHERE id = $1`, [executionId])).toEqual({
        date: '00.123456',
      });
    });
  });

  describe('of an action', () => {
    it('open with their input sealed, and once for an idempotency key', async () => {
      const script = await aScript(pool, { type: 'action' });
      const request = { ...script, kind: 'action' as const, input: { channel: 'C1' }, idempotencyKey: 'k' };
      const first = await store.open(request);
      expect(first.fresh).toBe(true);
      expect(await store.open(request)).toEqual({ ...first, fresh: false });
      expect((await one<{ input: string }>('SELECT input FROM execution WHERE id = $1', [first.executionId])).input).toMatch(/\|execution\.input\|/);
      expect((await run(first.executionId, 1)).input).toEqual({ channel: 'C1' });
    });

    it('answer their output and are invisible from another environment', async () => {
      const script = await aScript(pool, { type: 'action' });
      const { executionId } = await store.open({ ...script, kind: 'action', input: undefined });
      expect((await run(executionId, 1)).input).toBeUndefined();
      expect(await store.find(script.environmentId, executionId)).toMatchObject({ status: 'running', output: null, error: null });
      expect(await store.find(script.environmentId + 1, executionId)).toBeNull();
    });

    it('open once as a child of the same call of a parent, and answer what it came to', async () => {
      const { execution: parent } = await aRunningSync();
      const action = await aScript(pool, { type: 'action' });
      const request = { call: 'triggerAction:x:0', connectionId: parent.connectionId, scriptVersionId: action.scriptVersionId, input: { n: 1 } };
      await pool.query('UPDATE script_version SET environment_id = $2 WHERE id = $1', [action.scriptVersionId, parent.environmentId]);
      const child = await store.openChild(parent, request);
      expect(await store.openChild(parent, request)).toEqual(child);
      const executionId = child.kind === 'opened' ? child.executionId : '';
      const { execution } = await run(executionId, 1);
      const output = await reversing.sealText(parent.environmentId, 'execution.output', '{"ok":true}');
      await transaction(pool, (client) =>
        closeExecution(client, { executionId, environmentId: parent.environmentId, generation: execution.generation, status: 'succeeded', output }),
      );
      expect(await store.openChild(parent, request)).toEqual({ kind: 'succeeded', output: { ok: true } });
    });

    it('are not opened for a parent that no longer runs', async () => {
      const { execution: parent, scriptVersionId, connectionId } = await aRunningSync();
      await close(parent);
      await expect(store.openChild(parent, { call: 'c', connectionId, scriptVersionId, input: 1 })).rejects.toMatchObject({ code: 'execution_fenced' });
    });
  });

  describe('as attempts', () => {
    it('hold one token at a time, which ends with the execution', async () => {
      const { executionId, token, execution } = await aRunningSync();
      expect(await store.resolve(token)).toEqual(execution);
      expect(await store.resolve('exe_nonsense')).toBeNull();
      const again = await run(executionId, 1);
      expect(again.execution.generation).toBe(1);
      expect(await store.resolve(token)).toBeNull();
      await close(again.execution);
      expect(await store.resolve(again.token)).toBeNull();
      expect(await store.resolveEnded(again.token)).toMatchObject({ status: 'succeeded' });
      expect(await store.begin(executionId, attempt(2))).toEqual({ kind: 'over', status: 'succeeded' });
    });

    it('resume a killed run of any kind under a new generation, and fence the old one', async () => {
      const { executionId, execution, resumes } = await aRunningSync();
      expect(resumes).toBe(false);
      const second = await run(executionId, 2);
      expect(second).toMatchObject({ resumes: true, execution: { generation: 2 } });
      await expect(transaction(pool, (client) => requireGeneration(client, execution))).rejects.toMatchObject({ code: 'execution_fenced' });
      expect(await close(execution)).toBeNull();
      await expect(store.begin(executionId, attempt(1))).rejects.toMatchObject({ code: 'execution_fenced' });
      expect(await close(second.execution)).not.toBeNull();
      const action = await store.open({ ...(await aScript(pool, { type: 'action' })), kind: 'action', input: { n: 1 } });
      await run(action.executionId, 1);
      expect(await run(action.executionId, 2)).toMatchObject({ resumes: true, input: { n: 1 } });
    });

    it('stay with the version of the script that they began with', async () => {
      const { executionId, scriptId, scriptVersionId, environmentId } = await aRunningSync();
      await pool.query(
        `WITH newer AS (
           INSERT INTO script_version (environment_id, script_id, deployment_id, version, bundle_hash, models)
           SELECT environment_id, script_id, deployment_id, '2', 'h2', models FROM script_version WHERE id = $1 RETURNING id
         ) UPDATE script SET active_version_id = newer.id FROM newer WHERE script.id = $2 AND environment_id = $3`,
        [scriptVersionId, scriptId, environmentId],
      );
      expect((await run(executionId, 2)).execution.scriptVersionId).toBe(scriptVersionId);
    });

    it('keep the start of the first one', async () => {
      const { executionId } = await aRunningSync();
      const first = await one('SELECT started_at FROM execution WHERE id = $1', [executionId]);
      await run(executionId, 2);
      expect(await one('SELECT started_at FROM execution WHERE id = $1', [executionId])).toEqual(first);
    });

    it('wait for a write that holds the row, so that it lands before the new generation', async () => {
      const { executionId, execution } = await aRunningSync();
      const order: string[] = [];
      let begun: Promise<unknown> = Promise.resolve();
      await transaction(pool, async (client) => {
        await requireGeneration(client, execution);
        begun = run(executionId, 2).then(() => order.push('begun'));
        await new Promise((resolve) => setTimeout(resolve, 100));
        order.push('written');
      });
      await begun;
      expect(order).toEqual(['written', 'begun']);
    });

    it('are refused for an execution that is not there', async () => {
      await expect(store.begin(randomUUID(), attempt(1))).rejects.toMatchObject({ code: 'unknown_execution' });
    });
  });

  it('taken away by a sweep fence whoever still runs them', async () => {
    const { token, execution, syncId } = await aRunningSync();
    expect(await close(execution, 'lost', null)).toMatchObject({ operationId: execution.operationId });
    expect(await store.resolve(token)).toBeNull();
    expect(await close(execution)).toBeNull();
    expect(await one('SELECT lease_execution_id AS lease FROM sync WHERE id = $1', [syncId])).toEqual({ lease: null });
    expect(await one('SELECT status, ended_at IS NOT NULL AS ended FROM operation WHERE id = $1', [execution.operationId])).toEqual({
      status: 'failed',
      ended: true,
    });
  });
});
