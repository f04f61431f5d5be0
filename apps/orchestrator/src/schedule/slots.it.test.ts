import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syncScheduleId } from 'workflows';
import { eventually } from '../test/eventually.js';
import { startPlatform, type TestPlatform } from '../test/platform.js';
import { aSync, changeSync } from '../test/rows.js';
import { startRunner } from '../test/runner.js';
import { SlotKeeper } from './slot-keeper.js';

describe('the slots of schedules', () => {
  let platform: TestPlatform;
  let runner: { stop(): Promise<void> };
  const stuck = Promise.withResolvers<void>();

  beforeAll(async () => {
    platform = await startPlatform();
    runner = await startRunner(platform, ({ context }) => (context.scriptName === 'slow' ? stuck.promise : Promise.resolve()));
  });
  afterAll(async () => {
    stuck.resolve();
    await runner?.stop();
    await platform?.stop();
  });

  const settle = () => platform.service.app.get(SlotKeeper, { strict: false }).settle();
  const row = async (syncId: string) =>
    (
      await platform.pool.query<{ at: Date | null; reason: string | null; next: Date; applied: boolean }>(
        `SELECT last_skipped_at AS at, last_skip_reason AS reason, next_run_at AS next, applied_revision = schedule_revision AS applied FROM sync WHERE id = $1`,
        [syncId],
      )
    ).rows[0];
  const applied = (syncId: string) => eventually(async () => (await row(syncId))?.applied);
  const slotWas = async (syncId: string, secondsAgo: number) => {
    await platform.pool.query(`UPDATE sync SET next_run_at = date_trunc('second', now()) - make_interval(secs => $2) WHERE id = $1`, [syncId, secondsAgo]);
    return (await row(syncId))?.next;
  };
  const hasStarted = (syncId: string) =>
    eventually(async () => (await platform.pool.query(`SELECT 1 FROM execution WHERE sync_id = $1 AND started_at IS NOT NULL`, [syncId])).rowCount);

  it('that had their run are passed in silence', async () => {
    const { syncId } = await aSync(platform);
    await hasStarted(syncId);
    await applied(syncId);
    await platform.pool.query(`UPDATE execution SET created_at = created_at - interval '3 minutes' WHERE sync_id = $1`, [syncId]);
    await slotWas(syncId, 190);
    await settle();
    const { reason, next } = (await row(syncId)) ?? {};
    expect(reason).toBeNull();
    expect(next?.getTime()).toBeGreaterThan(Date.now() - 120_000);
  });

  it('are noted when the last run was still under way, and when nobody started one', async () => {
    const { syncId: slow } = await aSync(platform, { name: 'slow' });
    const { syncId: idle } = await aSync(platform);
    await hasStarted(slow);
    await eventually(async () => (await platform.pool.query(`SELECT 1 FROM execution WHERE sync_id = $1 AND finished_at IS NOT NULL`, [idle])).rowCount);
    await platform.pool.query(`UPDATE execution SET created_at = now() - interval '1 hour', finished_at = finished_at - interval '1 hour'`);
    await applied(slow);
    await applied(idle);
    const slots = [await slotWas(slow, 130), await slotWas(idle, 130)];
    await settle();
    expect(await row(slow)).toMatchObject({ at: slots[0], reason: 'already_running' });
    expect(await row(idle)).toMatchObject({ at: slots[1], reason: 'missed' });
  });

  it('are waited for as long as their run may still come', async () => {
    const { syncId } = await aSync(platform);
    await applied(syncId);
    const slot = await slotWas(syncId, 60);
    await settle();
    expect(await row(syncId)).toMatchObject({ at: null, next: slot });
  });

  it('may be those of a cron expression in a time zone', async () => {
    const { syncId } = await aSync(platform);
    await changeSync(platform, syncId, `frequency_cron = '0 9 * * 1-5 Europe/Berlin'`);
    await applied(syncId);
    const { spec, info, policies } = await platform.temporal.schedule.getHandle(syncScheduleId(syncId)).describe();
    expect([spec.intervals ?? [], policies.catchupWindow]).toEqual([[], 3_600_000]);
    const berlin = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit', weekday: 'short' });
    const times = info.nextActionTimes.map((time) => berlin.format(time));
    expect(times).toHaveLength(10);
    for (const time of times) expect(time).toMatch(/^(Mon|Tue|Wed|Thu|Fri),? 09:00$/);
    const away = (info.nextActionTimes[0]?.getTime() ?? 0) - ((await row(syncId))?.next.getTime() ?? 0);
    expect(away).toBeGreaterThanOrEqual(0);
    expect(away).toBeLessThanOrEqual(30_000);
    await changeSync(platform, syncId, `frequency_cron = NULL`);
    await applied(syncId);
    expect((await platform.temporal.schedule.getHandle(syncScheduleId(syncId)).describe()).spec.intervals).toEqual([
      { every: 3_600_000, offset: expect.any(Number) },
    ]);
  });
});
