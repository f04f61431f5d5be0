// Everything at once: 500 workflows and 500 actions in flight while each of four processes is killed.
import { setTimeout as sleep } from 'node:timers/promises';
import { kill } from '../stand/kills.mjs';

const count = Number(process.env.SCORECARD_IN_FLIGHT ?? 500);
const victims = ['temporal', 'orchestrator', 'runner', 'postgres'];

async function run({ stack, platform, source, say }) {
  source.control({ total: 1_000, epoch: 0, delayMs: 500, fault: null });
  const connections = Array.from({ length: count }, (_, number) => `in-flight-${number}`);
  for (const connection of connections) await platform.createConnection(connection);
  const startedAt = Date.now();
  await platform.trigger('orders');
  const actions = connections.map((connection, number) => act(platform, connection, number));
  const downMs = {};
  for (const name of victims) {
    await sleep(6_000);
    downMs[name] = await kill(stack, name);
    say(`${name} was killed`);
  }
  const outcomes = await Promise.all(actions);
  const statuses = await syncsEnd(platform, connections, startedAt);
  const orders = countBy(source.seen.orders, ({ owner }) => owner);
  const expected = connections.flatMap((connection, number) => [`action-${number}`, ...[1, 2, 3].map((step) => `${connection}/${step}`)]);
  const measured = {
    actionsDone: outcomes.filter(({ done }) => done).length,
    syncsDone: statuses.filter((status) => status === 'SUCCESS').length,
    ordersMissing: expected.filter((owner) => !orders.has(owner)).length,
    ordersTwice: [...orders.values()].filter((times) => times > 1).length,
    seconds: Math.round((Date.now() - startedAt) / 1000),
    downMs,
    refusals: [
      ...countBy(
        outcomes.filter(({ done }) => !done),
        ({ why }) => why,
      ),
    ].slice(0, 5),
  };
  return { pass: measured.actionsDone === count && measured.syncsDone === count && measured.ordersMissing === 0 && measured.ordersTwice === 0, measured };
}

/** A caller who was cut off asks again under the same key, and gets the one run's result. */
async function act(platform, connection, number) {
  const headers = { 'provider-config-key': 'scorecard', 'connection-id': connection, 'idempotency-key': `action-${number}` };
  const body = { action_name: 'order', input: { n: `action-${number}` } };
  for (let attempt = 1; ; attempt++) {
    try {
      const { n } = await platform.ask('POST', '/action/trigger', { body, headers });
      return { done: n === `action-${number}` };
    } catch (error) {
      if (attempt === 20) return { done: false, why: error.message.slice(0, 160) };
      await sleep(2_000);
    }
  }
}

async function syncsEnd(platform, connections, startedAt) {
  const statuses = [];
  for (const connection of connections) statuses.push((await platform.ended(connection, 'orders', startedAt, 20 * 60_000)).status);
  return statuses;
}

function countBy(values, keyOf) {
  const counts = new Map();
  for (const value of values) counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
  return counts;
}

/** The rows by id. */
export const inFlightRows = [
  { id: 'D-00', title: `${count} workflows and ${count} actions in flight, four processes killed`, limit: 'everything finishes, nothing twice', run },
];
