import { setTimeout as wait } from 'node:timers/promises';
import { ScheduleNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syncScheduleId } from 'workflows';
import { eventually } from '../test/eventually.js';
import { startOrchestrator, startPlatform, type TestPlatform } from '../test/platform.js';
import { aSync, changeSync } from '../test/rows.js';
import { type Script, type ScriptApi, startRunner } from '../test/runner.js';

type Run = { status: string; run_kind: string; last_sync_date: Date | null };

const soon = () => new Promise((resolve) => setTimeout(resolve, 400));

describe('the schedules of syncs', () => {
  let platform: TestPlatform;
  let runner: { stop(): Promise<void> };
  const scripts = new Map<string, Script>();

  beforeAll(async () => {
    platform = await startPlatform();
    runner = await startRunner(platform, (api) => (scripts.get(api.context.scriptName) ?? (async () => undefined))(api));
  });
  afterAll(async () => {
    await runner?.stop();
    await platform?.stop();
  });

  const handle = (syncId: string) => platform.temporal.schedule.getHandle(syncScheduleId(syncId));
  const isApplied = async (syncId: string) => {
    const { rows } = await platform.pool.query<{ done: boolean }>('SELECT applied_revision = schedule_revision AS done FROM sync WHERE id = $1', [syncId]);
    return rows[0]?.done;
  };
  const applied = (syncId: string) => eventually(() => isApplied(syncId));
  const change = async (syncId: string, to: string) => {
    await changeSync(platform, syncId, to);
    await applied(syncId);
  };
  const runs = async (syncId: string) =>
    (
      await platform.pool.query<Run>(
        'SELECT status, run_kind, last_sync_date FROM execution WHERE sync_id = $1 AND finished_at IS NOT NULL ORDER BY created_at',
        [syncId],
      )
    ).rows;
  const afterRuns = (syncId: string, count: number) => eventually(async () => ((all) => (all.length >= count ? all : null))(await runs(syncId)), 20_000);

  it('are made with interval and offset, without overlap, and say when they fire next', async () => {
    const { syncId } = await aSync(platform, { intervalMs: 1_800_000 });
    await afterRuns(syncId, 1);
    const { spec, policies, state, info, action } = await handle(syncId).describe();
    expect(spec.intervals).toEqual([{ every: 1_800_000, offset: expect.any(Number) }]);
    expect([policies.overlap, policies.catchupWindow, state.paused]).toEqual(['SKIP', 1_800_000, false]);
    expect(action).toMatchObject({ workflowType: 'SyncRunV1', args: [{ syncId }] });
    const { rows } = await platform.pool.query<{ next: Date }>('SELECT next_run_at AS next FROM sync WHERE id = $1', [syncId]);
    const away = (info.nextActionTimes[0]?.getTime() ?? 0) - (rows[0]?.next.getTime() ?? 0);
    expect(away).toBeGreaterThanOrEqual(0);
    expect(away).toBeLessThanOrEqual(30_000);
  });

  it('follow the frequency of one connection, and its end', async () => {
    const { syncId } = await aSync(platform, { intervalMs: 1_800_000 });
    await applied(syncId);
    const every = async () => (await handle(syncId).describe()).spec.intervals?.[0]?.every;
    await change(syncId, 'frequency_ms = 300000');
    expect(await every()).toBe(300_000);
    await change(syncId, 'frequency_ms = NULL');
    expect(await every()).toBe(1_800_000);
  });

  it('of paused syncs start nothing until they are started, and then run what was missed', async () => {
    const { syncId } = await aSync(platform, { state: 'paused' });
    await applied(syncId);
    await soon();
    expect(await runs(syncId)).toEqual([]);
    expect((await handle(syncId).describe()).state.paused).toBe(true);
    await change(syncId, `state = 'started'`);
    await afterRuns(syncId, 1);
    await change(syncId, `state = 'paused'`);
    await change(syncId, `state = 'started'`);
    await soon();
    expect(await runs(syncId)).toHaveLength(1);
  });

  it('are paused while their script is disabled', async () => {
    const { syncId, scriptId } = await aSync(platform);
    await afterRuns(syncId, 1);
    await platform.pool.query('UPDATE script SET enabled = false WHERE id = $1', [scriptId]);
    await change(syncId, 'state = state');
    expect((await handle(syncId).describe()).state.paused).toBe(true);
  });

  it('run when triggered, also while paused, and once', async () => {
    const { syncId } = await aSync(platform, { state: 'paused' });
    await applied(syncId);
    await change(syncId, `trigger_request = '{}'`);
    await afterRuns(syncId, 1);
    await soon();
    expect(await runs(syncId)).toHaveLength(1);
    const { rows } = await platform.pool.query('SELECT trigger_request, run_options FROM sync WHERE id = $1', [syncId]);
    expect(rows[0]).toEqual({ trigger_request: null, run_options: null });
  });

  it('run again when triggered in the moment that a run has ended', async () => {
    const { syncId } = await aSync(platform);
    for (let count = 1; count < 6; count += 1) {
      await afterRuns(syncId, count);
      await changeSync(platform, syncId, `trigger_request = '{}'`);
    }
    expect(await afterRuns(syncId, 6)).toHaveLength(6);
  });

  it('start nothing on a trigger while a run is under way', async () => {
    const { promise, resolve: release } = Promise.withResolvers<void>();
    scripts.set('slow', () => promise);
    const { syncId } = await aSync(platform, { name: 'slow' });
    await eventually(async () => (await platform.pool.query(`SELECT 1 FROM execution WHERE sync_id = $1 AND status = 'running'`, [syncId])).rowCount === 1);
    await change(syncId, `trigger_request = '{}'`);
    // Temporal has taken the trigger, and looks at it in a moment of its own.
    await soon();
    release();
    await afterRuns(syncId, 1);
    await soon();
    expect(await runs(syncId)).toHaveLength(1);
  });

  it('cancel the run under way for one that starts over with an empty cache', async () => {
    const seen: (string | null)[] = [];
    let isBlocked = false;
    scripts.set('over', async ({ save, context, cancelled }: ScriptApi) => {
      const waits = isBlocked;
      seen.push(context.lastSyncDate);
      await save('Task', [{ id: String(seen.length) }]);
      if (waits) await cancelled;
    });
    const { syncId, environmentId, connectionId } = await aSync(platform, { name: 'over' });
    await afterRuns(syncId, 1);
    isBlocked = true;
    await change(syncId, `trigger_request = '{}'`);
    await eventually(async () => seen.length === 2);
    isBlocked = false;
    await change(syncId, `trigger_request = '{"fullResync":true,"emptyCache":true}'`);
    const all = await afterRuns(syncId, 3);
    expect(all.map(({ status, run_kind }) => [status, run_kind])).toEqual([
      ['succeeded', 'INITIAL'],
      ['cancelled', 'INCREMENTAL'],
      ['succeeded', 'INITIAL'],
    ]);
    expect([seen[0], typeof seen[1], seen[2]]).toEqual([null, 'string', null]);
    expect(await platform.records.counts(environmentId, connectionId)).toEqual({ Task: 1 });
  });

  it('are asked again for a run that was asked for and has not come', async () => {
    const { syncId } = await aSync(platform);
    await afterRuns(syncId, 1);
    await platform.pool.query(`UPDATE sync SET run_owed_since = now() - interval '1 minute' WHERE id = $1`, [syncId]);
    await afterRuns(syncId, 2);
    const { rows } = await platform.pool.query('SELECT run_owed_since FROM sync WHERE id = $1', [syncId]);
    expect(rows).toEqual([{ run_owed_since: null }]);
  });

  it('go with their sync: run, schedule and records', async () => {
    scripts.set('leaving', async ({ save }) => void (await save('Task', [{ id: '1' }])));
    const { syncId, environmentId, connectionId } = await aSync(platform, { name: 'leaving' });
    await afterRuns(syncId, 1);
    await change(syncId, `state = 'deleted'`);
    await expect(handle(syncId).describe()).rejects.toThrow(ScheduleNotFoundError);
    expect(await platform.records.counts(environmentId, connectionId)).toEqual({ Task: 0 });
    const { rows } = await platform.pool.query('SELECT deleted_at IS NOT NULL AS gone, next_run_at FROM sync WHERE id = $1', [syncId]);
    expect(rows[0]).toEqual({ gone: true, next_run_at: null });
  });

  it('of a row that went with its integration end with their next run', async () => {
    const { syncId, integrationId } = await aSync(platform);
    await afterRuns(syncId, 1);
    await platform.pool.query('DELETE FROM integration WHERE id = $1', [integrationId]);
    // Temporal now and then drops a trigger that comes while the last run is closing; the interval would bring the next one.
    const isGone = () =>
      handle(syncId)
        .trigger('BUFFER_ONE')
        .then(() => wait(1_000))
        .then(() => false)
        .catch((error: unknown) => error instanceof ScheduleNotFoundError);
    expect(await eventually(isGone)).toBe(true);
  });

  it('are made again when Temporal has lost them, without a run that is not due', async () => {
    const { syncId } = await aSync(platform);
    await afterRuns(syncId, 1);
    await handle(syncId).delete();
    await change(syncId, 'state = state');
    expect((await handle(syncId).describe()).state.paused).toBe(false);
    await soon();
    expect(await runs(syncId)).toHaveLength(1);
  });

  it('catch up at boot with what changed while nobody was there', async () => {
    await platform.service.close();
    const { syncId } = await aSync(platform);
    await soon();
    expect(await isApplied(syncId)).toBe(false);
    platform.service = await startOrchestrator(platform.configuration);
    await afterRuns(syncId, 1);
  });
});
