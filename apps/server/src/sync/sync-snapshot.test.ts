import { SyncStatus } from 'model';
import { describe, expect, it } from 'vitest';
import { type SyncSnapshot, toSyncStatus } from './sync-snapshot.js';

const now = new Date('2026-01-01T12:00:00.000Z');
const run = (status: NonNullable<SyncSnapshot['run']>['status']) => ({ run: { status, kind: 'INCREMENTAL' as const, finishedAt: now, counts: {} } });

function aSnapshot(change: Partial<SyncSnapshot> = {}): SyncSnapshot {
  return {
    id: '6c0f1a52-7c1c-4f3a-9d0a-6f3a3c1f2b10',
    connectionRowId: 1,
    connectionId: 'c1',
    name: 'tasks',
    variant: 'base',
    state: 'started',
    scriptEnabled: true,
    models: ['Task'],
    intervalMs: 1_800_000,
    cron: null,
    nextRunAt: null,
    lastSyncDate: null,
    skippedAt: null,
    skipReason: null,
    due: false,
    checkpoint: null,
    run: null,
    ...change,
  };
}

const statusOf = (change: Partial<SyncSnapshot>) => toSyncStatus(aSnapshot(change), {}, now).status;

describe('the status of a sync', () => {
  it.each([
    ['SUCCESS', {}],
    ['SUCCESS', run('succeeded')],
    ['RUNNING', run('running')],
    ['RUNNING', { ...run('running'), state: 'paused' as const }],
    ['RUNNING', { ...run('succeeded'), due: true }],
    ['PAUSED', { ...run('failed'), state: 'paused' as const }],
    ['PAUSED', { scriptEnabled: false }],
    ['ERROR', run('failed')],
    ['ERROR', run('lost')],
    ['STOPPED', run('cancelled')],
    ['STOPPED', { state: 'deleted' as const }],
  ])('is %s for %j', (expected, change) => {
    expect(statusOf(change)).toBe(expected);
  });

  it('has the form that the contract gives it', () => {
    const status = toSyncStatus(aSnapshot(run('failed')), { Task: 7, Other: 2 }, now);
    expect(SyncStatus.parse(status)).toEqual(status);
    expect(status).toMatchObject({ frequency: '30m', recordCount: { Task: 7 }, latestExecutionStatus: 'STOPPED', finishedAt: '2026-01-01T12:00:00.000Z' });
  });

  it('counts a run that changed nothing as such, and one that failed not at all', () => {
    const latestResult = (change: Partial<SyncSnapshot>) => toSyncStatus(aSnapshot({ models: ['Task', 'User'], ...change }), {}, now).latestResult;
    const none = { added: 0, updated: 0, deleted: 0 };
    expect(latestResult(run('succeeded'))).toEqual({ Task: none, User: none });
    const counts = { Task: { added: 1, updated: 0, deleted: 0 } };
    expect(latestResult({ run: { ...run('succeeded').run, counts } })).toEqual({ ...counts, User: none });
    expect(latestResult(run('failed'))).toEqual({});
    expect(latestResult({})).toEqual({});
  });

  it('counts the records of its own variant', () => {
    expect(toSyncStatus(aSnapshot({ variant: 'eu' }), { Task: 7, 'Task::eu': 2 }, now).recordCount).toEqual({ Task: 2 });
  });

  it('says when the next run is, in the rhythm of the last known one', () => {
    const next = (change: Partial<SyncSnapshot>) => toSyncStatus(aSnapshot(change), {}, now).nextScheduledSyncAt;
    expect(next({ nextRunAt: new Date('2026-01-01T12:10:00Z') })).toBe('2026-01-01T12:10:00.000Z');
    expect(next({ nextRunAt: new Date('2026-01-01T10:10:00Z') })).toBe('2026-01-01T12:10:00.000Z');
    expect(next({ nextRunAt: new Date('2026-01-01T12:10:00Z'), state: 'paused' })).toBeNull();
  });

  it('says when a cron schedule comes next, and tells the schedule itself', () => {
    const cron = { intervalMs: null, cron: '0 9 * * * Europe/Berlin', nextRunAt: new Date('2026-01-01T08:00:00Z') };
    expect(toSyncStatus(aSnapshot(cron), {}, now)).toMatchObject({
      frequency: 'cron 0 9 * * * Europe/Berlin',
      nextScheduledSyncAt: '2026-01-02T08:00:00.000Z',
    });
  });

  it('tells of the last slot that went by without a run', () => {
    const { skipped } = toSyncStatus(aSnapshot({ skippedAt: now, skipReason: 'already_running' }), {}, now);
    expect(skipped).toEqual({ at: now.toISOString(), reason: 'already_running' });
  });
});
