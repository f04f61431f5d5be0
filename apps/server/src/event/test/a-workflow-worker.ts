import { type Pool, POOL, transaction } from 'database';
import { closeExecution, executionPurposes, ExecutionStore, sealJson } from 'journal/postgres';
import { aWorker } from 'stack/testing';
import { type OrchestratorActivities, queueNames, workflowBundlePath } from 'workflows';
import type { TestServer } from '../../../test/server.js';

/** The orchestrator's worker as far as event scripts need it: it ends what no runner brings to an end. */
export function aWorkflowWorker(server: TestServer): Promise<{ stop(): Promise<void> }> {
  const pool = server.app.get<Pool>(POOL);
  const executions = new ExecutionStore(pool, server.vault);
  const closeLostExecution: OrchestratorActivities['closeLostExecution'] = async ({ executionId }) => {
    const { environmentId } = (await executions.locate(executionId))!; // the test opened it
    const error = await sealJson(server.vault, environmentId, executionPurposes.error, { code: 'execution_interrupted', message: 'The run was lost' });
    await transaction(pool, (client) => closeExecution(client, { executionId, environmentId, generation: null, status: 'lost', error }));
    return { status: 'lost' };
  };
  return aWorker({ taskQueue: queueNames(server.queuePrefix).workflows, workflowBundle: { codePath: workflowBundlePath }, activities: { closeLostExecution } });
}
