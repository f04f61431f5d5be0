import { Context } from '@temporalio/activity';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { quietTemporal, temporalAddress } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrchestratorActivities, RunnerActivities } from './activities.js';
import { workflowBundlePath } from './bundle-path.js';
import { queueNames, workflowTypes } from './names.js';
import { recordIfAsked } from './test/history.js';

const queues = queueNames(`test-${randomUUID()}`);
const executionId = '0b7f1e52-6d0c-4f3a-9a63-0c7f1b8f2f11';
const syncId = '5f0f5a86-3f1e-4a57-8d6f-0f3a3d1f7c10';

describe('workflows', () => {
  let connection: NativeConnection;
  let client: Client;
  let workers: Worker[];
  let running: Promise<unknown>;
  let orchestrator: OrchestratorActivities;
  let runner: RunnerActivities;

  beforeAll(async () => {
    await quietTemporal();
    connection = await NativeConnection.connect({ address: temporalAddress() });
    client = new Client({ connection: await Connection.connect({ address: temporalAddress() }) });
    workers = await Promise.all([
      Worker.create({
        connection,
        taskQueue: queues.workflows,
        workflowBundle: { codePath: workflowBundlePath },
        activities: {
          openSyncExecution: (input: Parameters<OrchestratorActivities['openSyncExecution']>[0]) => orchestrator.openSyncExecution(input),
          closeLostExecution: (input: Parameters<OrchestratorActivities['closeLostExecution']>[0]) => orchestrator.closeLostExecution(input),
        },
      }),
      Worker.create({ connection, taskQueue: queues.scripts, activities: { runScript: (input: { executionId: string }) => runner.runScript(input) } }),
    ]);
    running = Promise.all(workers.map((worker) => worker.run()));
  });
  afterAll(async () => {
    for (const worker of workers ?? []) worker.shutdown();
    await running;
    await connection?.close();
    await client?.connection.close();
  });

  const opened = { kind: 'opened', executionId, environmentId: 7, runKind: 'INITIAL' } as const;
  const startSync = () => client.workflow.start(workflowTypes.syncRun, { taskQueue: queues.workflows, workflowId: `test-${randomUUID()}`, args: [{ syncId }] });

  it('run the script of an opened execution, behind actions, for its environment', async () => {
    const names: string[] = [];
    orchestrator = { openSyncExecution: async ({ workflowRunId }) => (names.push(workflowRunId), opened), closeLostExecution: never };
    runner = { runScript: async (input) => (expect(input).toEqual({ executionId }), { status: 'succeeded' }) };
    const handle = await startSync();
    expect(await resultOf(handle, 'sync-run-succeeded')).toEqual({ kind: 'ended', executionId, status: 'succeeded' });
    expect(names).toEqual([`${handle.workflowId}/${handle.firstExecutionRunId}`]);
    const events = (await handle.fetchHistory()).events ?? [];
    const scheduled = events.find((event) => event.activityTaskScheduledEventAttributes)?.activityTaskScheduledEventAttributes;
    expect(scheduled?.priority).toMatchObject({ priorityKey: 5, fairnessKey: 'environment:7' });
    expect(events.length).toBeLessThan(14);
  });

  it('end at once when the sync is not to run', async () => {
    orchestrator = { openSyncExecution: async () => ({ kind: 'skipped', reason: 'already_running' }), closeLostExecution: never };
    runner = { runScript: never };
    expect(await resultOf(await startSync(), 'sync-run-skipped')).toEqual({ kind: 'skipped', reason: 'already_running' });
  });

  it('try again when a runner fails', async () => {
    let attempts = 0;
    orchestrator = { openSyncExecution: async () => opened, closeLostExecution: never };
    runner = { runScript: async () => ((attempts += 1) < 2 ? Promise.reject(new Error('the runner died')) : { status: 'succeeded' }) };
    expect(await resultOf(await startSync(), 'sync-run-second-attempt')).toMatchObject({ status: 'succeeded' });
    expect(attempts).toBe(2);
  });

  it('end as lost what no runner brings to an end', async () => {
    const closed: unknown[] = [];
    orchestrator = { openSyncExecution: async () => opened, closeLostExecution: async (input) => (closed.push(input), { status: 'lost' }) };
    runner = { runScript: () => Promise.reject(ApplicationFailure.nonRetryable('another attempt has begun', 'execution_fenced')) };
    expect(await resultOf(await startSync(), 'sync-run-lost')).toEqual({ kind: 'ended', executionId, status: 'lost' });
    expect(closed).toEqual([{ executionId, cancelled: false }]);
  });

  it('let a cancelled script end itself, and end it where it does not', async () => {
    const closed: unknown[] = [];
    const begun = Promise.withResolvers<void>();
    orchestrator = { openSyncExecution: async () => opened, closeLostExecution: async (input) => (closed.push(input), { status: 'cancelled' }) };
    runner = {
      runScript: async () => {
        begun.resolve();
        const beat = setInterval(() => Context.current().heartbeat(), 100);
        return Context.current().cancelled.finally(() => clearInterval(beat));
      },
    };
    const handle = await startSync();
    await begun.promise;
    await handle.cancel();
    expect(await resultOf(handle, 'sync-run-cancelled')).toMatchObject({ status: 'cancelled' });
    expect(closed).toEqual([{ executionId, cancelled: true }]);
  });

  it('sleep while a script is parked, and run it again then', async () => {
    const begun: number[] = [];
    orchestrator = { openSyncExecution: async () => opened, closeLostExecution: never };
    runner = {
      runScript: async () => (begun.push(Date.now()) < 2 ? { status: 'parked', until: new Date(Date.now() + 1_500).toISOString() } : { status: 'succeeded' }),
    };
    expect(await resultOf(await startSync(), 'sync-run-parked')).toEqual({ kind: 'ended', executionId, status: 'succeeded' });
    expect((begun[1] ?? 0) - (begun[0] ?? 0)).toBeGreaterThanOrEqual(1_500);
  });

  it('end a parked script as cancelled when that is asked', async () => {
    const closed: unknown[] = [];
    const parked = Promise.withResolvers<void>();
    orchestrator = { openSyncExecution: async () => opened, closeLostExecution: async (input) => (closed.push(input), { status: 'cancelled' }) };
    runner = { runScript: async () => (parked.resolve(), { status: 'parked', until: new Date(Date.now() + 3_600_000).toISOString() }) };
    const handle = await startSync();
    await parked.promise;
    await handle.cancel();
    expect(await resultOf(handle, 'sync-run-parked-cancelled')).toMatchObject({ status: 'cancelled' });
    expect(closed).toEqual([{ executionId, cancelled: true }]);
  });

  it('wait for a database that is away', async () => {
    let attempts = 0;
    orchestrator = { openSyncExecution: async () => ((attempts += 1) < 3 ? Promise.reject(new Error('no database')) : opened), closeLostExecution: never };
    runner = { runScript: async () => ({ status: 'succeeded' }) };
    expect(await (await startSync()).result()).toMatchObject({ status: 'succeeded' });
  });

  it('run an asynchronous action before any sync', async () => {
    runner = { runScript: async () => ({ status: 'succeeded' }) };
    const args = [{ executionId, environmentId: 7 }];
    const handle = await client.workflow.start(workflowTypes.actionRun, { taskQueue: queues.workflows, workflowId: `test-${randomUUID()}`, args });
    expect(await resultOf(handle, 'action-run-succeeded')).toEqual({ status: 'succeeded' });
    const scheduled = (await handle.fetchHistory()).events?.find((event) => event.activityTaskScheduledEventAttributes)?.activityTaskScheduledEventAttributes;
    expect(scheduled?.priority?.priorityKey).toBe(1);
  });
});

const never = () => Promise.reject(ApplicationFailure.nonRetryable('this was not to be called'));

async function resultOf(handle: WorkflowHandle, name: string): Promise<unknown> {
  const result: unknown = await handle.result();
  await recordIfAsked(handle, name);
  return result;
}
