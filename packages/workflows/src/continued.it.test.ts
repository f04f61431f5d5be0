import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { RunAnswer } from 'model';
import { aTemporalServer } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowTypes } from './names.js';
import { recordIfAsked } from './test/history.js';
import { aWorkflowRig, type WorkflowRig } from './test/workflow-rig.js';

const executionId = '0b7f1e52-6d0c-4f3a-9a63-0c7f1b8f2f11';
const syncId = '5f0f5a86-3f1e-4a57-8d6f-0f3a3d1f7c10';
const opened = { kind: 'opened', executionId, environmentId: 7, runKind: 'INITIAL' } as const;

let server: Awaited<ReturnType<typeof aTemporalServer>>;
let rig: WorkflowRig;
beforeAll(async () => {
  // On a real one it is suggested after some thousand events.
  server = await aTemporalServer(['limit.historyCount.suggestContinueAsNew=12']);
  rig = await aWorkflowRig(server.address);
});
afterAll(async () => {
  await rig?.stop();
  await server?.stop();
});

const parked = (ms: number): RunAnswer => ({ status: 'parked', until: new Date(Date.now() + ms).toISOString() });
/** A script that parks so often, and then ends. */
const parking = (times: number, end: RunAnswer = { status: 'succeeded' }): (() => Promise<RunAnswer>) => {
  let left = times;
  return async () => (left-- > 0 ? parked(20) : end);
};
const isContinued = async (handle: WorkflowHandleWithFirstExecutionRunId): Promise<boolean> => (await handle.describe()).runId !== handle.firstExecutionRunId;
/** The result after more than one run, whose first and last history are kept where that is asked for. */
const resultOf = async (handle: WorkflowHandleWithFirstExecutionRunId, name: string): Promise<unknown> => {
  const result: unknown = await handle.result();
  expect(await isContinued(handle)).toBe(true);
  await recordIfAsked(rig.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId), `${name}-continued`);
  await recordIfAsked(handle, `${name}-resumed`);
  return result;
};

describe('a workflow that parks again and again', () => {
  it('goes on with the execution of a sync that it has opened', async () => {
    const openings: unknown[] = [];
    let runs = 0;
    const script = parking(3);
    rig.orchestrator = { openSyncExecution: async (input) => (openings.push(input), opened) };
    rig.runner = { runScript: async (input) => (expect(input).toEqual({ executionId }), (runs += 1), script()) };
    const handle = await rig.start(workflowTypes.syncRun, { syncId });
    expect(await resultOf(handle, 'sync-run')).toEqual({ kind: 'ended', executionId, status: 'succeeded' });
    expect(openings).toHaveLength(1);
    expect(runs).toBe(4);
  });

  it('waits until the moment it has parked for', async () => {
    const begun: number[] = [];
    const waits = [20, 1_200, 1_200];
    rig.orchestrator = { openSyncExecution: async () => opened };
    rig.runner = {
      runScript: async () => {
        begun.push(Date.now());
        const wait = waits.shift();
        return wait === undefined ? { status: 'succeeded' } : parked(wait);
      },
    };
    const handle = await rig.start(workflowTypes.syncRun, { syncId });
    await handle.result();
    expect(await isContinued(handle)).toBe(true);
    for (const n of [1, 2]) expect(begun[n + 1]! - begun[n]!).toBeGreaterThanOrEqual(1_200);
  });

  it('is cancelled by the name of its first run', async () => {
    const closed: unknown[] = [];
    const script = parking(4, parked(3_600_000));
    rig.orchestrator = { openSyncExecution: async () => opened, closeLostExecution: async (input) => (closed.push(input), { status: 'cancelled' }) };
    rig.runner = { runScript: script };
    const handle = await rig.start(workflowTypes.syncRun, { syncId });
    await expect.poll(() => isContinued(handle), { timeout: 10_000 }).toBe(true);
    await rig.client.workflow.getHandle(handle.workflowId, undefined, { firstExecutionRunId: handle.firstExecutionRunId }).cancel();
    expect(await handle.result()).toMatchObject({ status: 'cancelled' });
    expect(closed).toEqual([{ executionId, cancelled: true }]);
  });

  it('stays the one run of its schedule', async () => {
    const script = parking(4, parked(3_600_000));
    rig.orchestrator = { openSyncExecution: async () => opened, closeLostExecution: async () => ({ status: 'cancelled' }) };
    rig.runner = { runScript: script };
    const taskQueue = rig.workflowsQueue;
    const action = { type: 'startWorkflow', workflowType: workflowTypes.syncRun, args: [{ syncId }], taskQueue, workflowId: `sync:${syncId}` } as const;
    const schedule = await rig.client.schedule.create({
      scheduleId: randomUUID(),
      spec: { intervals: [{ every: '1 day' }] },
      policies: { overlap: 'SKIP' },
      action,
    });
    await schedule.trigger('SKIP');
    const running = async () => (await schedule.describe()).info.runningActions.map(({ workflow }) => workflow);
    await expect.poll(running).toHaveLength(1);
    const { workflowId, firstExecutionRunId } = (await running())[0]!;
    await expect.poll(async () => (await rig.client.workflow.getHandle(workflowId).describe()).runId, { timeout: 10_000 }).not.toBe(firstExecutionRunId);
    await schedule.trigger('SKIP');
    await expect.poll(async () => (await schedule.describe()).info.numActionsSkippedOverlap).toBe(1);
    expect((await running()).map((workflow) => workflow.workflowId)).toEqual([workflowId]);
    await schedule.delete();
    await rig.client.workflow.getHandle(workflowId).cancel();
  });

  it('keeps count of the tries of an action', async () => {
    const again = randomUUID();
    const retries: unknown[] = [];
    const settled: unknown[] = [];
    const [first, second] = [parking(2, { status: 'failed' }), parking(2)];
    rig.orchestrator = {
      openActionRetry: async ({ retry }) => (retries.push(retry), { executionId: again }),
      settleAction: async (input) => void settled.push(input),
    };
    rig.runner = { runScript: ({ executionId: id }) => (id === again ? second() : first()) };
    const handle = await rig.start(workflowTypes.actionRun, { executionId, environmentId: 7, maxRetries: 1 });
    expect(await resultOf(handle, 'action-run')).toEqual({ status: 'succeeded' });
    expect(retries).toEqual([1]);
    expect(settled).toEqual([{ executionId }]);
  });

  it('goes on with an event script', async () => {
    rig.orchestrator = {};
    rig.runner = { runScript: parking(3) };
    const handle = await rig.start(workflowTypes.eventRun, { executionId, environmentId: 7, isAwaited: false });
    expect(await resultOf(handle, 'event-run')).toEqual({ status: 'succeeded' });
  });

  it('takes along what of a batch of webhooks waits, and what has ended', async () => {
    const [quick, slow, failing] = [randomUUID(), randomUUID(), randomUUID()];
    const scripts: Record<string, () => Promise<RunAnswer>> = { [quick]: parking(0), [slow]: parking(3), [failing]: parking(2, { status: 'failed' }) };
    rig.orchestrator = {};
    rig.runner = { runScript: ({ executionId: id }) => scripts[id]!() };
    const handle = await rig.start(workflowTypes.webhookRun, { environmentId: 7, executionIds: [quick, slow, failing] });
    expect(await resultOf(handle, 'webhook-run')).toEqual({ succeeded: 2, failed: 1 });
  });

  it('ends all that waits of a batch that is cancelled while one of it runs', async () => {
    const [waiting, busy] = [randomUUID(), randomUUID()];
    let tries = 0;
    const atRest = Promise.withResolvers<void>();
    const closed: string[] = [];
    rig.orchestrator = { closeLostExecution: async ({ executionId: id }) => (closed.push(id), { status: 'cancelled' }) };
    rig.runner = {
      runScript: async ({ executionId: id }) => {
        if (id === waiting) return ((tries += 1), parked(20));
        return atRest.promise.then(() => ({ status: 'succeeded' }));
      },
    };
    const handle = await rig.start(workflowTypes.webhookRun, { environmentId: 7, executionIds: [waiting, busy] });
    // It rests once the history is long: no run of it comes after that.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await handle.cancel();
    atRest.resolve();
    expect(await handle.result()).toEqual({ succeeded: 1, cancelled: 1 });
    expect(closed).toEqual([waiting]);
    expect(tries).toBeLessThan(5);
    expect(await isContinued(handle)).toBe(false);
  });
});
