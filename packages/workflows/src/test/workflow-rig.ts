import { Client, Connection, type WorkflowHandle, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { quietTemporal, temporalAddress } from 'stack/testing';
import type { AsyncActionActivities, OrchestratorActivities, RunnerActivities } from '../activities.js';
import { workflowBundlePath } from '../bundle-path.js';
import { queueNames } from '../names.js';
import { recordIfAsked } from './history.js';

type Orchestrator = OrchestratorActivities & AsyncActionActivities;

/** Workflows on a real server, whose activities each test plays; what it does not play fails. */
export type WorkflowRig = {
  client: Client;
  orchestrator: Partial<Orchestrator>;
  runner: Partial<RunnerActivities>;
  workflowsQueue: string;
  start(workflowType: string, input: object): Promise<WorkflowHandleWithFirstExecutionRunId>;
  stop(): Promise<void>;
};

export async function aWorkflowRig(address = temporalAddress()): Promise<WorkflowRig> {
  await quietTemporal();
  const queues = queueNames(`test-${randomUUID()}`);
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection: await Connection.connect({ address }) });
  const rig: Pick<WorkflowRig, 'orchestrator' | 'runner'> = { orchestrator: {}, runner: {} };
  const played = (): Orchestrator & RunnerActivities => ({ ...unplayed, ...rig.orchestrator, ...rig.runner });
  const orchestrator: Orchestrator = {
    openSyncExecution: (input) => played().openSyncExecution(input),
    closeLostExecution: (input) => played().closeLostExecution(input),
    openActionRetry: (input) => played().openActionRetry(input),
    settleAction: (input) => played().settleAction(input),
  };
  const runner: RunnerActivities = { runScript: (input) => played().runScript(input) };
  const workers = [
    await Worker.create({ connection, taskQueue: queues.workflows, workflowBundle: { codePath: workflowBundlePath }, activities: orchestrator }),
    await Worker.create({ connection, taskQueue: queues.scripts, activities: runner }),
  ];
  const running = Promise.all(workers.map((worker) => worker.run()));
  return Object.assign(rig, {
    client,
    workflowsQueue: queues.workflows,
    start: (workflowType: string, input: object) =>
      client.workflow.start(workflowType, { taskQueue: queues.workflows, workflowId: `test-${randomUUID()}`, args: [input] }),
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await running;
      await connection.close();
      await client.connection.close();
    },
  });
}

/** The workflow's result, with its history kept for the replay test where that is asked for. */
export async function resultOf(handle: WorkflowHandle, name: string): Promise<unknown> {
  const result: unknown = await handle.result();
  await recordIfAsked(handle, name);
  return result;
}

const never = () => Promise.reject(ApplicationFailure.nonRetryable('this was not to be called'));
const unplayed = { openSyncExecution: never, closeLostExecution: never, openActionRetry: never, settleAction: never, runScript: never };
