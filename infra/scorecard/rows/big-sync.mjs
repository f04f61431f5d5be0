// D-01 to D-05: one sync of 100,000 records, with 200 changes and 500 deletions planted, and something dying under it.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { killRepeatedly, secondRunner, takeAway } from '../stand/kills.mjs';
import { expectedItems } from '../stand/source-api.mjs';

const total = Number(process.env.SCORECARD_RECORDS ?? 100_000);
const planted = { updated: expectedItems(total, 1).filter((item) => item.endsWith(':1')).length, deleted: total - expectedItems(total, 1).length };

/** First a run in peace, then one that is disturbed. What must hold is counted afterwards. */
async function disturbed(stand, id, { delayMs, disturb }) {
  const { platform, source, receiver } = stand;
  const connection = `connection-${id.toLowerCase()}`;
  source.control({ total, epoch: 0, delayMs: 0, fault: null });
  await platform.createConnection(connection);
  await run(stand, connection);
  source.control({ epoch: 1, delayMs });
  const webhooksBefore = receiver.bodies.length;
  const work = { over: false };
  const startedAt = Date.now();
  const running = run(stand, connection).finally(() => (work.over = true));
  const disturbance = disturb({ ...stand, isOver: () => work.over });
  const [status, notes] = await Promise.all([running, disturbance]);
  const tookMs = Date.now() - startedAt;
  await sleep(2_000);
  return judge({ stand, connection, status, webhooks: receiver.bodies.slice(webhooksBefore), notes, tookMs });
}

async function run({ platform }, connection) {
  const since = Date.now();
  await platform.trigger('items', connection);
  return platform.ended(connection, 'items', since);
}

async function judge({ stand: { platform, source }, connection, status, webhooks, notes, tookMs }) {
  const records = await platform.records(connection, 'Item');
  const living = records.filter(({ _nango_metadata: { deleted_at } }) => deleted_at === null);
  const held = living.map(({ id, rev }) => `${id}:${rev}`).sort();
  const twice = [...source.seen.gets.values()].reduce((sum, count) => sum + count - 1, 0);
  const measured = {
    status: status.status,
    living: living.length,
    duplicates: records.length - new Set(records.map(({ id }) => id)).size,
    deleted: records.length - living.length,
    isOracle: digest(held) === digest(expectedItems(total, 1).sort()),
    counts: webhooks.filter(({ success, model }) => success && model === 'Item').map(({ responseResults }) => responseResults),
    readsMadeAgain: twice,
    seconds: Math.round(tookMs / 1000),
    ...notes,
  };
  const isRight =
    measured.status === 'SUCCESS' &&
    measured.isOracle &&
    measured.duplicates === 0 &&
    measured.deleted === planted.deleted &&
    measured.counts.length === 1 &&
    measured.counts[0].added === 0 &&
    measured.counts[0].updated === planted.updated &&
    measured.counts[0].deleted === planted.deleted;
  return { pass: isRight && twice <= (notes.kills ?? 0), measured };
}

const digest = (items) => createHash('sha256').update(items.join('\n')).digest('hex');
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const killing = (name, times, between) => async (stand) => {
  const downMs = await killRepeatedly({ ...stand, name, times, between });
  return { kills: downMs.length, medianDownMs: median(downMs) };
};

const limit = '0 lost, 0 duplicates, every planted change and deletion, no other; reads made again only when in flight';

/** The rows by id. */
export const bigSyncRows = [
  {
    id: 'D-01',
    title: 'kill -9 of the runner 20 times in a sync',
    limit,
    run: (stand) => disturbed(stand, 'D-01', { delayMs: 400, disturb: killing('runner', 20, [1_000, 6_000]) }),
  },
  {
    id: 'D-02a',
    title: 'kill -9 of the orchestrator 20 times in a sync',
    limit,
    run: (stand) => disturbed(stand, 'D-02a', { delayMs: 600, disturb: killing('orchestrator', 20, [1_000, 4_000]) }),
  },
  {
    id: 'D-02b',
    title: 'kill -9 of the proxy 20 times in a sync',
    limit,
    run: (stand) => disturbed(stand, 'D-02b', { delayMs: 600, disturb: killing('proxy', 20, [1_000, 4_000]) }),
  },
  {
    id: 'D-03',
    title: 'kill -9 of Postgres 5 times in a sync',
    limit,
    run: (stand) => disturbed(stand, 'D-03', { delayMs: 400, disturb: killing('postgres', 5, [3_000, 8_000]) }),
  },
  {
    id: 'D-04',
    title: 'Temporal away for 20 s and restarted 5 times in a sync',
    limit,
    run: (stand) => disturbed(stand, 'D-04', { delayMs: 800, disturb: temporalAway }),
  },
  {
    id: 'D-05',
    title: 'a runner stopped for 90 s while another takes over',
    limit: `${limit}; 0 stale writes`,
    run: (stand) => disturbed(stand, 'D-05', { delayMs: 1_200, disturb: zombie }),
  },
];

async function temporalAway({ stack, isOver }) {
  let restarts = 0;
  for (; restarts < 5 && !isOver(); restarts++) {
    await sleep(3_000);
    await takeAway(stack, 'temporal', 20_000);
  }
  return { restarts, kills: restarts };
}

async function zombie({ stack }) {
  await sleep(8_000);
  const pid = stack.describe().pids.runner;
  process.kill(pid, 'SIGSTOP');
  await using _second = await secondRunner(stack);
  await sleep(90_000);
  process.kill(pid, 'SIGCONT');
  await sleep(10_000);
  return { kills: 1, stoppedSeconds: 90 };
}
