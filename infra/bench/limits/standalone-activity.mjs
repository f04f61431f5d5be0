import { createRequire } from 'node:module';
import { join } from 'node:path';
import { distribution } from '../harness/statistics.mjs';

const queue = 'bench-bare-activity';
const warmUps = 30;
const sequential = 150;
const concurrent = { atOnce: 10, calls: 400 };

/**
 * What a standalone activity that does nothing takes from Temporal by itself: the least that an action can cost.
 * `modules` is the repository's root, whose server and runner bring Temporal's client and worker.
 */
export async function standaloneActivities(address, modules) {
  const { Connection, Client } = createRequire(join(modules, 'apps/server/package.json'))('@temporalio/client');
  const { NativeConnection, Worker } = createRequire(join(modules, 'apps/runner/package.json'))('@temporalio/worker');
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  const worker = await Worker.create({ connection: native, taskQueue: queue, activities: { nothing: async () => ({ status: 'succeeded' }) } });
  const running = worker.run();
  try {
    return await measure(new Client({ connection }));
  } finally {
    worker.shutdown();
    await running;
    await Promise.all([connection.close(), native.close()]);
  }
}

async function measure(client) {
  let count = 0;
  const run = async () => {
    const startedAt = performance.now();
    await client.activity.execute('nothing', { id: `bench-bare-${process.pid}-${count++}`, taskQueue: queue, args: [], startToCloseTimeout: '1 minute' });
    return performance.now() - startedAt;
  };
  for (let call = 0; call < warmUps; call++) await run();
  const durations = [];
  for (let call = 0; call < sequential; call++) durations.push(await run());
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: concurrent.atOnce }, () => repeat(run, concurrent.calls / concurrent.atOnce)));
  const rps = concurrent.calls / ((performance.now() - startedAt) / 1_000);
  const { p50, p95 } = distribution(durations);
  return { temporal_standalone_ms: { p50, p95 }, temporal_standalone_c10_per_s: rps };
}

async function repeat(run, times) {
  for (let time = 0; time < times; time++) await run();
}
