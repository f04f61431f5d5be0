import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../test/eventually.js';
import { startPlatform, type TestPlatform } from '../test/platform.js';
import { startDeliveryProxy, startReceiver } from '../test/receiver.js';
import { aSync } from '../test/rows.js';
import { type Script, startRunner } from '../test/runner.js';

type Ended = { id: string; status: string; run_kind: string; operation_id: string; started_at: Date };

describe('a sync on its schedule', () => {
  let platform: TestPlatform;
  let proxy: Awaited<ReturnType<typeof startDeliveryProxy>>;
  let runner: { stop(): Promise<void> };
  const scripts = new Map<string, Script>();

  beforeAll(async () => {
    proxy = await startDeliveryProxy();
    platform = await startPlatform({ PROXY_URL: proxy.url });
    runner = await startRunner(platform, (api) => (scripts.get(api.context.scriptName) ?? (async () => undefined))(api));
  });
  afterAll(async () => {
    await runner?.stop();
    await platform?.stop();
    await proxy?.stop();
  });

  const ended = (syncId: string, count = 1) =>
    eventually(async () => {
      const { rows } = await platform.pool.query<Ended>(
        `SELECT id, status, run_kind, operation_id, started_at FROM execution WHERE sync_id = $1 AND finished_at IS NOT NULL ORDER BY created_at`,
        [syncId],
      );
      return rows.length >= count ? rows : null;
    }, 20_000);

  it('runs at once when it is new: records, date, schedule and one webhook that verifies', async () => {
    const receiver = await startReceiver();
    scripts.set('first', async ({ save }) => {
      await save('Task', [{ id: '1' }, { id: '2' }]);
      await save('Task', [{ id: '2' }, { id: '3' }]);
    });
    const { syncId, environmentId, connectionId } = await aSync(platform, { name: 'first', webhookUrl: receiver.url });
    const [run] = await ended(syncId);
    expect(run).toMatchObject({ status: 'succeeded', run_kind: 'INITIAL' });
    const { rows } = await platform.pool.query(
      `SELECT last_sync_date, lease_execution_id, applied_revision, next_run_at > now() AS planned FROM sync WHERE id = $1`,
      [syncId],
    );
    expect(rows[0]).toEqual({ last_sync_date: run?.started_at, lease_execution_id: null, applied_revision: 1, planned: true });
    expect(await platform.records.counts(environmentId, connectionId)).toEqual({ Task: 3 });
    await eventually(async () => receiver.received.length > 0);
    expect(receiver.received.map(({ body }) => JSON.parse(body))).toEqual([
      expect.objectContaining({
        type: 'sync',
        syncName: 'first',
        model: 'Task',
        success: true,
        syncType: 'INITIAL',
        responseResults: { added: 3, updated: 0, deleted: 0 },
      }),
    ]);
    await receiver.stop();
  });

  it('that fails tells the connection, keeps the date, and stays quiet unless asked', async () => {
    const receiver = await startReceiver();
    scripts.set('failing', async ({ save }) => {
      await save('Task', [{ id: '1' }]);
      throw new Error('the API answered nonsense');
    });
    const { syncId, environmentId, connectionId } = await aSync(platform, { name: 'failing', webhookUrl: receiver.url, onError: true });
    const [run] = await ended(syncId);
    expect(run?.status).toBe('failed');
    const { rows } = await platform.pool.query(`SELECT type, sync_id, operation_id FROM connection_error WHERE connection_id = $1`, [connectionId]);
    expect(rows).toEqual([{ type: 'sync', sync_id: syncId, operation_id: run?.operation_id }]);
    const sync = await platform.pool.query(`SELECT last_sync_date FROM sync WHERE id = $1`, [syncId]);
    expect(sync.rows[0]).toEqual({ last_sync_date: null });
    expect(await platform.records.counts(environmentId, connectionId)).toEqual({ Task: 1 });
    await eventually(async () => receiver.received.length > 0);
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      success: false,
      error: { type: 'script_internal_error', description: 'the API answered nonsense' },
    });
    await receiver.stop();
  });

  it('deletes what a full run no longer sees, where its script tracks deletions', async () => {
    let records = [{ id: '1' }, { id: '2' }, { id: '3' }];
    scripts.set('tracking', async ({ save }) => void (await save('Task', records)));
    const { syncId, environmentId, connectionId } = await aSync(platform, { name: 'tracking', trackDeletes: true });
    await ended(syncId);
    records = [{ id: '2' }];
    await platform.pool.query(`UPDATE sync SET trigger_request = '{}', schedule_revision = schedule_revision + 1 WHERE id = $1`, [syncId]);
    await platform.pool.query(`SELECT pg_notify('sync_schedule', $1)`, [syncId]);
    const runs = await ended(syncId, 2);
    expect(runs[1]).toMatchObject({ status: 'succeeded', run_kind: 'INCREMENTAL' });
    expect(await platform.records.counts(environmentId, connectionId)).toEqual({ Task: 1 });
    const { rows } = await platform.pool.query(`SELECT added, updated, deleted FROM execution_count WHERE execution_id = $1`, [runs[1]?.id]);
    expect(rows).toEqual([{ added: 0, updated: 0, deleted: 2 }]);
  });

  it('deletes nothing when it finds nothing any more: that waits for a decision, and is told', async () => {
    let records = [{ id: '1' }, { id: '2' }];
    scripts.set('empty-handed', async ({ save }) => void (await save('Task', records)));
    const { syncId, environmentId, connectionId } = await aSync(platform, { name: 'empty-handed', trackDeletes: true });
    await ended(syncId);
    records = [];
    await platform.pool.query(`UPDATE sync SET trigger_request = '{}', schedule_revision = schedule_revision + 1 WHERE id = $1`, [syncId]);
    await platform.pool.query(`SELECT pg_notify('sync_schedule', $1)`, [syncId]);
    const runs = await ended(syncId, 2);
    expect(await platform.records.counts(environmentId, connectionId)).toEqual({ Task: 2 });
    const held = await platform.pool.query(`SELECT state, reason, missing, existing FROM record_deletion WHERE execution_id = $1`, [runs[1]?.id]);
    expect(held.rows).toEqual([{ state: 'held', reason: 'all', missing: 2, existing: 2 }]);
    const lines = await platform.pool.query(`SELECT level, meta FROM operation_message WHERE operation_id = $1 AND level = 'warn'`, [runs[1]?.operation_id]);
    expect(lines.rows).toMatchObject([{ level: 'warn', meta: { model: 'Task', missing: 2, existing: 2, reason: 'all' } }]);
    const counts = await platform.pool.query(`SELECT 1 FROM execution_count WHERE execution_id = $1`, [runs[1]?.id]);
    expect(counts.rowCount).toBe(0);
  });

  it('deletes nothing after a run that failed', async () => {
    let fail = false;
    scripts.set('cut-short', async ({ save }) => {
      await save('Task', fail ? [{ id: '1' }] : [{ id: '1' }, { id: '2' }]);
      if (fail) throw new Error('page 2 is missing');
    });
    const { syncId, environmentId, connectionId } = await aSync(platform, { name: 'cut-short', trackDeletes: true });
    await ended(syncId);
    fail = true;
    await platform.pool.query(`UPDATE sync SET trigger_request = '{}', schedule_revision = schedule_revision + 1 WHERE id = $1`, [syncId]);
    await platform.pool.query(`SELECT pg_notify('sync_schedule', $1)`, [syncId]);
    expect((await ended(syncId, 2))[1]).toMatchObject({ status: 'failed' });
    expect(await platform.records.counts(environmentId, connectionId)).toEqual({ Task: 2 });
  });
});
