import { aTemporalServer, aWorker } from 'stack/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queueNames, type RunnerActivities, workflowTypes } from 'workflows';
import { eventually } from '../test/eventually.js';
import { startPlatform, type TestPlatform } from '../test/platform.js';
import { aSync } from '../test/rows.js';
import { ExecutionSweep } from './execution-sweep.js';

let server: Awaited<ReturnType<typeof aTemporalServer>>;
let platform: TestPlatform;
let runner: { stop(): Promise<void> };

beforeAll(async () => {
  server = await aTemporalServer(['limit.historyCount.suggestContinueAsNew=12']);
  platform = await startPlatform({ TEMPORAL_ADDRESS: server.address });
  runner = await aParkingRunner(platform);
});
afterAll(async () => {
  await runner?.stop();
  await platform?.stop();
  await server?.stop();
});

/** Every script parks for a moment, three times, and then for an hour. */
function aParkingRunner({ configuration }: TestPlatform): Promise<{ stop(): Promise<void> }> {
  let tries = 0;
  const activities: RunnerActivities = {
    runScript: async () => ({ status: 'parked', until: new Date(Date.now() + ((tries += 1) < 4 ? 20 : 3_600_000)).toISOString() }),
  };
  return aWorker({ address: configuration.TEMPORAL_ADDRESS, taskQueue: queueNames(configuration.NANGO_QUEUE_PREFIX).scripts, activities });
}

it('takes a run whose workflow has continued as new for what it is', async () => {
  const { syncId } = await aSync(platform, { state: 'paused' });
  const workflow = { workflowId: `sync:${syncId}-now`, taskQueue: queueNames(platform.configuration.NANGO_QUEUE_PREFIX).workflows, args: [{ syncId }] };
  const handle = await platform.temporal.workflow.start(workflowTypes.syncRun, workflow);
  await eventually(async () => ((await handle.describe()).runId === handle.firstExecutionRunId ? null : true));
  const sweep = platform.service.app.get(ExecutionSweep, { strict: false });
  const status = async (): Promise<unknown> => (await platform.pool.query('SELECT status FROM execution WHERE sync_id = $1', [syncId])).rows;
  for (let round = 0; round < 2; round += 1) await sweep.sweep(0);
  expect(await status()).toEqual([{ status: 'queued' }]);
  await handle.terminate();
  for (let round = 0; round < 2; round += 1) await sweep.sweep(0);
  expect(await status()).toEqual([{ status: 'lost' }]);
});
