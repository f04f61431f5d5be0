/** So many saves are under way at once, as a broker with work to hand over keeps it. */
const inFlight = 3;

/** One run's saves, in order, a few in flight. */
export async function saveAll({ records, anExecution, endExecution }, scope, batches) {
  const run = await anExecution(scope);
  const total = batches.reduce((sum, { count }) => sum + count, 0);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const pending = [];
  for (const [number, { body }] of batches.entries()) {
    if (pending.length === inFlight) await pending.shift();
    pending.push(records.save({ ...scope, ...run, call: `batchSave:${number}`, operation: 'save', records: JSON.parse(body.toString()) }));
  }
  await Promise.all(pending);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  await endExecution(run);
  return { perSecond: total / seconds, cpuMs: (user + system) / 1000 };
}
