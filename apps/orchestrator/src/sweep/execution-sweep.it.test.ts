import { actionActivityOptions, actionWorkflowId, queueNames, runScriptActivity, workflowRunName, workflowTypes } from 'workflows';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../test/eventually.js';
import { startPlatform, type TestPlatform } from '../test/platform.js';
import { aScript, aSync } from '../test/rows.js';
import { startRunner } from '../test/runner.js';
import { ExecutionSweep } from './execution-sweep.js';

describe('the sweep over open executions', () => {
  let platform: TestPlatform;
  let runner: { stop(): Promise<void> };
  let sweep: ExecutionSweep;

  beforeAll(async () => {
    platform = await startPlatform();
    runner = await startRunner(platform, async ({ input }) => ({ echo: input }));
    sweep = platform.service.app.get(ExecutionSweep, { strict: false });
  });
  afterAll(async () => {
    await runner?.stop();
    await platform?.stop();
  });

  const anAction = async (input: unknown = 1) => {
    const script = await aScript(platform, { type: 'action' });
    const { executionId } = await platform.executions.open({ ...script, kind: 'action', input });
    return { ...script, executionId };
  };
  const begin = (executionId: string) => platform.executions.begin(executionId, { activityId: 'a', attempt: 1, scheduledAt: new Date().toISOString() });
  const result = ({ environmentId, executionId }: { environmentId: number; executionId: string }) => platform.executions.find(environmentId, executionId);

  it('starts an action whose caller died before Temporal heard of it', async () => {
    const action = await anAction({ n: 1 });
    await sweep.sweep(0);
    const ended = await eventually(async () => ((found) => (found?.status === 'succeeded' ? found : null))(await result(action)));
    expect(ended.output).toEqual({ echo: { n: 1 } });
  });

  it('leaves alone what is younger than the grace', async () => {
    const action = await anAction();
    await sweep.sweep(60_000);
    expect((await result(action))?.status).toBe('queued');
  });

  it('ends, at the second look, what runs here and is unknown there', async () => {
    const action = await anAction();
    await begin(action.executionId);
    await sweep.sweep(0);
    expect((await result(action))?.status).toBe('running');
    await sweep.sweep(0);
    expect(await result(action)).toMatchObject({ status: 'lost', error: { code: 'execution_interrupted' } });
  });

  it('leaves alone what waits for a runner or runs in one', async () => {
    const action = await anAction();
    const { TEMPORAL_NAMESPACE } = platform.configuration;
    expect(TEMPORAL_NAMESPACE).toBe('default');
    const handle = await platform.temporal.activity.start(
      runScriptActivity,
      actionActivityOptions(action.executionId, action.environmentId, 'nobody-listens-here'),
    );
    await sweep.sweep(0);
    await sweep.sweep(0);
    expect((await result(action))?.status).toBe('queued');
    await handle.terminate('the test is over');
    await sweep.sweep(0);
    await sweep.sweep(0);
    expect((await result(action))?.status).toBe('lost');
  });

  it('frees the lease of a sync whose workflow is gone', async () => {
    const { syncId } = await aSync(platform, { state: 'paused' });
    const workflowRunId = workflowRunName(`sync:${syncId}-gone`, '11111111-1111-4111-8111-111111111111');
    await platform.executions.openSync({ syncId, workflowRunId, emptyCache: async () => undefined });
    await sweep.sweep(0);
    await sweep.sweep(0);
    const { rows } = await platform.pool.query(
      'SELECT y.lease_execution_id AS lease, e.status FROM sync y JOIN execution e ON e.sync_id = y.id WHERE y.id = $1',
      [syncId],
    );
    expect(rows).toEqual([{ lease: null, status: 'lost' }]);
  });

  it('ends children with their parents', async () => {
    const parent = await anAction();
    const beginning = await begin(parent.executionId);
    if (beginning.kind !== 'run') throw new Error(beginning.kind);
    const { scriptVersionId, connectionId, environmentId } = parent;
    const child = await platform.executions.openChild(beginning.execution, { call: 'c', connectionId, scriptVersionId, input: 1 });
    for (let round = 0; round < 4; round += 1) await sweep.sweep(0);
    expect(child.kind === 'opened' && (await platform.executions.find(environmentId, child.executionId))?.status).toBe('lost');
  });

  it('knows an asynchronous action by its workflow', async () => {
    const action = await anAction('async');
    await platform.temporal.workflow.start(workflowTypes.actionRun, {
      workflowId: actionWorkflowId(action.executionId),
      taskQueue: queueNames(platform.configuration.NANGO_QUEUE_PREFIX).workflows,
      args: [{ executionId: action.executionId, environmentId: action.environmentId }],
    });
    await sweep.sweep(0);
    const ended = await eventually(async () => ((found) => (found?.status === 'succeeded' ? found : null))(await result(action)));
    expect(ended.output).toEqual({ echo: 'async' });
  });
});
