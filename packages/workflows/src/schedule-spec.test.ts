import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nextRunAt, scheduleSpec } from './schedule-spec.js';

const halfHour = 30 * 60_000;

describe('the schedule of a sync', () => {
  it('runs every interval without overlap and makes up for one missed run', () => {
    const { spec, policies } = scheduleSpec({ syncId: randomUUID(), intervalMs: halfHour });
    expect(spec.intervals?.[0].every).toBe(halfHour);
    expect(policies).toEqual({ overlap: 'SKIP', catchupWindow: halfHour });
  });

  it('starts at an offset of its own, the same each time, in whole seconds', () => {
    const ids = Array.from({ length: 200 }, () => randomUUID());
    const offsets = ids.map((syncId) => scheduleSpec({ syncId, intervalMs: halfHour }).spec.intervals?.[0].offset ?? -1);
    expect(offsets).toEqual(ids.map((syncId) => scheduleSpec({ syncId, intervalMs: halfHour }).spec.intervals?.[0].offset));
    expect(offsets.every((offset) => offset >= 0 && offset < halfHour && offset % 1_000 === 0)).toBe(true);
    expect(new Set(offsets.map((offset) => Math.floor(offset / (halfHour / 4)))).size).toBe(4);
  });

  it('leaves room for no more than a twentieth of a short interval as jitter', () => {
    expect(scheduleSpec({ syncId: 'a', intervalMs: 30_000 })).toMatchObject({ spec: { jitter: 1_500 }, policies: { catchupWindow: 30_000 } });
    expect(scheduleSpec({ syncId: 'a', intervalMs: 86_400_000 }).spec.jitter).toBe(30_000);
  });

  it('never fires by itself without an interval', () => {
    expect(scheduleSpec({ syncId: 'a', intervalMs: null })).toEqual({ spec: {}, policies: { overlap: 'SKIP', catchupWindow: 10_000 } });
  });

  it('fires at the times of a cron expression in its zone', () => {
    const cron = { expression: '0 9 * * 1-5', timezone: 'Europe/Berlin' };
    expect(scheduleSpec({ syncId: 'a', intervalMs: null, cron })).toEqual({
      spec: { cronExpressions: ['0 9 * * 1-5'], timezone: 'Europe/Berlin', jitter: 30_000 },
      policies: { overlap: 'SKIP', catchupWindow: 3_600_000 },
    });
  });

  it('tells when it fires next, counted from the epoch as Temporal does', () => {
    const input = { syncId: randomUUID(), intervalMs: halfHour };
    const offset = scheduleSpec(input).spec.intervals?.[0].offset ?? 0;
    const next = nextRunAt(input, new Date(offset + 10 * halfHour));
    expect(next).toEqual(new Date(offset + 11 * halfHour));
    expect(nextRunAt(input, new Date(offset + 11 * halfHour - 1))).toEqual(next);
    expect(nextRunAt({ syncId: 'a', intervalMs: null }, new Date())).toBeNull();
  });
});
