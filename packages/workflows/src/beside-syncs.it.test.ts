import { Context } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import type { ExecutionStatus } from 'model';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { workflowTypes } from './names.js';
import { aWorkflowRig, resultOf, type WorkflowRig } from './test/workflow-rig.js';

let rig: WorkflowRig;
beforeAll(async () => {
  rig = await aWorkflowRig();
});
beforeEach(() => {
  rig.orchestrator = {};
  rig.runner = {};
});
afterAll(() => rig?.stop());

const fenced = () => Promise.reject(ApplicationFailure.nonRetryable('another attempt has begun', 'execution_fenced'));
const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID());
const scheduled = async (handle: WorkflowHandle) =>
  ((await handle.fetchHistory()).events ?? []).flatMap(({ activityTaskScheduledEventAttributes: attributes }) => attributes ?? []);
/** Runs scripts that end as their ids say. */
const endAs =
  (ends: Record<string, ExecutionStatus>) =>
  async ({ executionId }: { executionId: string }) => ({ status: ends[executionId] ?? 'succeeded' });

/** A script that waits until its run is cancelled. */
function aWaitingScript() {
  const begun = Promise.withResolvers<void>();
  const runScript = () => {
    begun.resolve();
    const beat = setInterval(() => Context.current().heartbeat(), 100);
    return Context.current().cancelled.finally(() => clearInterval(beat));
  };
  return { begun: begun.promise, runScript };
}

/** A runner that fails before each script's first run. */
function failingOnce(ends: Record<string, ExecutionStatus> = {}) {
  const tried = new Set<string>();
  return ({ executionId }: { executionId: string }) => {
    if (tried.has(executionId)) return endAs(ends)({ executionId });
    tried.add(executionId);
    return Promise.reject(new Error('the runner died'));
  };
}

describe('a batch of webhook scripts', () => {
  const start = (executionIds: string[]) => rig.start(workflowTypes.webhookRun, { environmentId: 7, executionIds });

  it('runs each, behind actions and before syncs, in a history that stays small', async () => {
    rig.runner = { runScript: endAs({}) };
    const executionIds = ids(50);
    const handle = await start(executionIds);
    expect(await resultOf(handle, 'webhook-run-fifty')).toEqual({ succeeded: 50 });
    const activities = await scheduled(handle);
    expect(activities).toHaveLength(50);
    expect(activities[0]?.priority).toMatchObject({ priorityKey: 2, fairnessKey: 'environment:7' });
    expect((await handle.fetchHistory()).events?.length).toBeLessThan(350);
  });

  it('of one is as short as can be', async () => {
    rig.runner = { runScript: endAs({}) };
    const handle = await start(ids(1));
    expect(await resultOf(handle, 'webhook-run-one')).toEqual({ succeeded: 1 });
    expect((await handle.fetchHistory()).events?.length).toBeLessThan(13);
  });

  it('counts how they ended; none keeps another from its end', async () => {
    const executionIds = ids(3);
    rig.runner = { runScript: endAs({ [executionIds[0]!]: 'failed', [executionIds[1]!]: 'cancelled' }) };
    expect(await resultOf(await start(executionIds), 'webhook-run-mixed')).toEqual({ failed: 1, cancelled: 1, succeeded: 1 });
  });

  it.each(['failed', 'cancelled'] as const)('of one that %s says so', async (status) => {
    const executionIds = ids(1);
    rig.runner = { runScript: endAs({ [executionIds[0]!]: status }) };
    expect(await resultOf(await start(executionIds), `webhook-run-${status}`)).toEqual({ [status]: 1 });
  });

  it('goes on with another runner where one dies', async () => {
    rig.runner = { runScript: failingOnce() };
    expect(await resultOf(await start(ids(2)), 'webhook-run-second-attempt')).toEqual({ succeeded: 2 });
  });

  it('ends as lost what no runner brings to an end', async () => {
    const closed: unknown[] = [];
    const executionIds = ids(2);
    rig.runner = { runScript: ({ executionId }) => (executionId === executionIds[0] ? fenced() : endAs({})({ executionId })) };
    rig.orchestrator = { closeLostExecution: async (input) => (closed.push(input), { status: 'lost' }) };
    expect(await resultOf(await start(executionIds), 'webhook-run-lost')).toEqual({ lost: 1, succeeded: 1 });
    expect(closed).toEqual([{ executionId: executionIds[0], cancelled: false }]);
  });

  it('lets scripts that are cancelled end themselves', async () => {
    const { begun, runScript } = aWaitingScript();
    rig.runner = { runScript };
    rig.orchestrator = { closeLostExecution: async () => ({ status: 'cancelled' }) };
    const handle = await start(ids(1));
    await begun;
    await handle.cancel();
    expect(await resultOf(handle, 'webhook-run-cancelled-under-way')).toEqual({ cancelled: 1 });
  });
});

describe('an event script', () => {
  const start = (isAwaited: boolean) => rig.start(workflowTypes.eventRun, { executionId: randomUUID(), environmentId: 7, isAwaited });

  it.each([
    [true, 'awaited', { startS: 30, priority: 1 }],
    [false, 'unawaited', { startS: 86_400, priority: 2 }],
  ] as const)('starts within what its audience allows (awaited: %s)', async (isAwaited, name, { startS, priority }) => {
    rig.runner = { runScript: endAs({}) };
    const handle = await start(isAwaited);
    expect(await resultOf(handle, `event-run-${name}`)).toEqual({ status: 'succeeded' });
    const [activity] = await scheduled(handle);
    expect(Number(activity?.scheduleToStartTimeout?.seconds)).toBe(startS);
    expect(activity?.priority).toMatchObject({ priorityKey: priority, fairnessKey: 'environment:7' });
  });

  it('may fail', async () => {
    rig.runner = { runScript: async () => ({ status: 'failed' }) };
    expect(await resultOf(await start(true), 'event-run-failed')).toEqual({ status: 'failed' });
  });

  it('goes on with another runner where one dies', async () => {
    rig.runner = { runScript: failingOnce() };
    expect(await resultOf(await start(false), 'event-run-second-attempt')).toEqual({ status: 'succeeded' });
  });

  it('ends as lost where no runner brings it to an end', async () => {
    rig.runner = { runScript: fenced };
    rig.orchestrator = { closeLostExecution: async () => ({ status: 'lost' }) };
    expect(await resultOf(await start(true), 'event-run-lost')).toEqual({ status: 'lost' });
  });

  it('is ended once the database is back', async () => {
    let away = 2;
    rig.runner = { runScript: fenced };
    rig.orchestrator = { closeLostExecution: async () => (away-- > 0 ? Promise.reject(new Error('no database')) : { status: 'lost' }) };
    expect(await resultOf(await start(false), 'event-run-lost-database-away')).toEqual({ status: 'lost' });
  });

  it('that is cancelled is closed', async () => {
    const { begun, runScript } = aWaitingScript();
    rig.runner = { runScript };
    rig.orchestrator = { closeLostExecution: async () => ({ status: 'cancelled' }) };
    const handle = await start(true);
    await begun;
    await handle.cancel();
    expect(await resultOf(handle, 'event-run-cancelled')).toEqual({ status: 'cancelled' });
  });
});

describe('an asynchronous action', () => {
  const executionId = '0b7f1e52-6d0c-4f3a-9a63-0c7f1b8f2f11';
  const start = (maxRetries: number) => rig.start(workflowTypes.actionRun, { executionId, environmentId: 7, maxRetries });

  /** Settles, and opens tries named after their number; answers what was asked. */
  function anOrchestrator() {
    const asked: unknown[] = [];
    rig.orchestrator = {
      openActionRetry: async ({ retry }) => (asked.push(retry), { executionId: `try-${retry}` }),
      settleAction: async (input) => void asked.push(input),
      closeLostExecution: async ({ cancelled }) => ({ status: cancelled ? 'cancelled' : 'lost' }),
    };
    return asked;
  }

  it('is settled after its first success', async () => {
    const asked = anOrchestrator();
    rig.runner = { runScript: endAs({}) };
    expect(await resultOf(await start(3), 'action-run-settled')).toEqual({ status: 'succeeded' });
    expect(asked).toEqual([{ executionId }]);
  });

  it('is not tried again where its caller did not ask for it', async () => {
    const asked = anOrchestrator();
    rig.runner = { runScript: endAs({ [executionId]: 'failed' }) };
    expect(await resultOf(await start(0), 'action-run-failed')).toEqual({ status: 'failed' });
    expect(asked).toEqual([{ executionId }]);
  });

  it('is tried again until it succeeds', async () => {
    const asked = anOrchestrator();
    rig.runner = { runScript: endAs({ [executionId]: 'failed' }) };
    expect(await resultOf(await start(3), 'action-run-first-retry')).toEqual({ status: 'succeeded' });
    expect(asked).toEqual([1, { executionId }]);
  });

  it('is tried as often as it takes', async () => {
    const asked = anOrchestrator();
    rig.runner = { runScript: endAs({ [executionId]: 'failed', 'try-1': 'lost' }) };
    expect(await resultOf(await start(5), 'action-run-second-retry')).toEqual({ status: 'succeeded' });
    expect(asked).toEqual([1, 2, { executionId }]);
  });

  it('is not tried again when it is cancelled in a later try', async () => {
    const asked = anOrchestrator();
    rig.runner = { runScript: endAs({ [executionId]: 'failed', 'try-1': 'cancelled' }) };
    expect(await resultOf(await start(5), 'action-run-cancelled-in-a-retry')).toEqual({ status: 'cancelled' });
    expect(asked).toEqual([1, { executionId }]);
  });

  it('fails when all its tries have', async () => {
    const asked = anOrchestrator();
    rig.runner = { runScript: endAs({ [executionId]: 'failed', 'try-1': 'failed', 'try-2': 'failed' }) };
    expect(await resultOf(await start(2), 'action-run-retries-used-up')).toEqual({ status: 'failed' });
    expect(asked).toEqual([1, 2, { executionId }]);
  });

  it('is tried again after a try that was lost', async () => {
    const asked = anOrchestrator();
    rig.runner = { runScript: ({ executionId: id }) => (id === executionId ? fenced() : endAs({})({ executionId: id })) };
    expect(await resultOf(await start(1), 'action-run-lost-then-succeeded')).toEqual({ status: 'succeeded' });
    expect(asked).toEqual([1, { executionId }]);
  });

  it('goes on with another runner where one dies, which is no try of its own', async () => {
    const asked = anOrchestrator();
    rig.runner = { runScript: failingOnce() };
    expect(await resultOf(await start(2), 'action-run-second-attempt')).toEqual({ status: 'succeeded' });
    expect(asked).toEqual([{ executionId }]);
  });

  it('is never tried again once it was cancelled', async () => {
    const asked = anOrchestrator();
    const { begun, runScript } = aWaitingScript();
    rig.runner = { runScript };
    const handle = await start(5);
    await begun;
    await handle.cancel();
    expect(await resultOf(handle, 'action-run-cancelled')).toEqual({ status: 'cancelled' });
    expect(asked).toEqual([{ executionId }]);
  });

  it('that is cancelled between two tries stays as its last one ended', async () => {
    const asked = anOrchestrator();
    rig.runner = { runScript: async () => ({ status: 'failed' }) };
    const handle = await start(5);
    await expect.poll(async () => (await handle.fetchHistory()).events?.some((event) => event.timerStartedEventAttributes), { timeout: 10_000 }).toBe(true);
    await handle.cancel();
    expect(await resultOf(handle, 'action-run-cancelled-between-tries')).toEqual({ status: 'failed' });
    expect(asked.at(-1)).toEqual({ executionId });
  });

  it('waits for a database that is away', async () => {
    let away = 2;
    anOrchestrator();
    const settled: unknown[] = [];
    rig.orchestrator.settleAction = async (input) => (away-- > 0 ? Promise.reject(new Error('no database')) : void settled.push(input));
    rig.runner = { runScript: endAs({}) };
    expect(await resultOf(await start(0), 'action-run-database-away')).toEqual({ status: 'succeeded' });
    expect(settled).toEqual([{ executionId }]);
  });
});
