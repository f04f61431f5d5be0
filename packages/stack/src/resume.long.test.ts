import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Stack } from './stack.js';
import { aStack, Product } from './testing/index.js';

const pages = 25;
const perPage = 20;
let stack: Stack;
let api: Server;
let product: Product;
let pool: pg.Pool;
let integration: string;
/** What the API was asked, by run of a connection. */
const seen: string[] = [];

beforeAll(async () => {
  api = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://api');
      seen.push(`${request.method} ${url.pathname}${url.search} ${Buffer.concat(chunks).toString()}`.trim());
      const page = Number(url.searchParams.get('page'));
      const records = Array.from({ length: perPage }, (_, n) => ({ id: `${page}-${n}`, text: 'x'.repeat(100) }));
      setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(records)), 60);
    });
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  stack = await aStack();
  pool = new pg.Pool({ connectionString: stack.describe().databaseUrl });
  // The server is killed under it when the stack stops.
  pool.on('error', () => undefined);
  product = new Product(
    { serverUrl: `http://127.0.0.1:${stack.ports.server}`, secretKey: stack.keys.environments.dev.secretKey },
    `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
  );
  integration = await product.integration();
  await product.deploy(integration, { name: 'copies', type: 'sync', js: copies, models: ['Item'], sync_type: 'full', track_deletes: true, auto_start: false });
});
afterAll(async () => {
  api.close();
  await pool?.end();
  await stack?.stop();
});

/** Unmodified and unaware: reads a page, saves it, tells the API of it. Counts the writes of which nobody knows what became of them. */
const copies = `exports.default = async (nango) => {
  let unknown = 0;
  for (let page = 0; page < ${pages}; page++) {
    const { data } = await nango.get({ endpoint: '/items', params: { page } });
    await nango.batchSave(data, 'Item');
    await nango.log('page ' + page);
    await nango.post({ endpoint: '/seen', data: { page, at: Date.now(), id: crypto.randomUUID() } }).catch((error) => {
      if (error.code !== 'call_outcome_unknown' && error.response?.data?.error?.code !== 'call_outcome_unknown') throw error;
      unknown++;
    });
  }
  await nango.log('unknown ' + unknown);
};`;

type Name = keyof ReturnType<Stack['describe']>['pids'];

async function kill(name: Name): Promise<void> {
  const before = stack.describe().pids[name];
  process.kill(before, 'SIGKILL');
  await vi.waitFor(() => expect(stack.describe().pids[name]).not.toBe(before), { timeout: 20_000 });
}

/** The processes of jails that run a script or wait for one. */
function jails(): number[] {
  const runner = String(stack.describe().pids.runner);
  const lines = execFileSync('ps', ['-eo', 'pid,ppid'], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const below = (pid: string): string[] => lines.filter(([, parent]) => parent === pid).flatMap(([child = '']) => [child, ...below(child)]);
  return below(runner).map(Number);
}

/** A jail of several processes goes as one: some may have gone with the one before. */
function signalAll(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** Runs the sync, does that when the API has been asked for so many pages, and answers what came of it. */
async function disturbed(disturb: () => Promise<void>, atPage: number) {
  seen.length = 0;
  const connection = await product.connection(integration);
  await product.must('POST', '/sync/trigger', { body: { provider_config_key: integration, connection_id: connection, syncs: ['copies'] } });
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(2 * atPage), { timeout: 60_000, interval: 20 });
  await disturb();
  const ended = await product.ran(integration, connection, 'copies', { withinMs: 150_000 });
  const { rows } = await pool.query<{ message: string }>(
    `SELECT m.message FROM operation_message m JOIN operation o ON o.id = m.operation_id JOIN execution e ON e.operation_id = o.id JOIN connection c ON c.id = e.connection_id
     WHERE c.connection_id = $1 AND m.message LIKE ANY(ARRAY['page %', 'unknown %']) ORDER BY m.id`,
    [connection],
  );
  const lines = rows.map(({ message }) => message);
  const unknown = Number(lines.at(-1)?.split(' ')[1]);
  const posts = seen.filter((line) => line.startsWith('POST')).map((line) => (JSON.parse(line.split(' ').slice(2).join(' ')) as { page: number }).page);
  const gets = seen.filter((line) => line.startsWith('GET'));
  return { ended, lines, unknown, posts, gets, records: ended.recordCount };
}

function expectWhole({ ended, lines, posts, gets, records, unknown }: Awaited<ReturnType<typeof disturbed>>, { inFlight }: { inFlight: number }): void {
  expect(ended.latestResult).toEqual({ Item: { added: pages * perPage, updated: 0, deleted: 0 } });
  expect(records).toEqual({ Item: pages * perPage });
  expect(lines).toEqual([...Array.from({ length: pages }, (_, page) => `page ${page}`), `unknown ${unknown}`]);
  // None twice, and none left out of which the script was not told.
  expect(new Set(posts).size).toBe(posts.length);
  expect(posts.length).toBeGreaterThanOrEqual(pages - unknown);
  expect(unknown).toBeLessThanOrEqual(inFlight);
  expect(gets.length).toBeGreaterThanOrEqual(pages);
  expect(gets.length).toBeLessThanOrEqual(pages + inFlight);
}

it.each([4, 11])('a killed runner: the run goes on from its journal, at page %i', { timeout: 240_000 }, async (page) => {
  const ended = await disturbed(() => kill('runner'), page);
  expectWhole(ended, { inFlight: 1 });
  // The proxy lives, and knows what came of the call that was under way.
  expect(ended.unknown).toBe(0);
});

it('a killed jail: the run goes on from its journal', { timeout: 240_000 }, async () => {
  const ended = await disturbed(async () => {
    signalAll(jails(), 'SIGKILL');
  }, 6);
  expectWhole(ended, { inFlight: 1 });
  expect(ended.unknown).toBe(0);
});

it('a proxy that is killed again and again: no write is sent twice', { timeout: 240_000 }, async () => {
  const ended = await disturbed(async () => {
    for (let times = 0; times < 3; times += 1) {
      await kill('proxy');
      await sleep(700);
    }
  }, 5);
  expectWhole(ended, { inFlight: 3 });
});

it('an orchestrator that is killed again and again: nothing is lost or saved twice', { timeout: 240_000 }, async () => {
  const ended = await disturbed(async () => {
    for (let times = 0; times < 3; times += 1) {
      await kill('orchestrator');
      await sleep(700);
    }
  }, 5);
  expectWhole(ended, { inFlight: 1 });
  expect(ended.unknown).toBe(0);
});

it('a runner that was away for so long that its run was given to another attempt writes nothing any more', { timeout: 240_000 }, async () => {
  const ended = await disturbed(async () => {
    const { runner } = stack.describe().pids;
    const stopped = [runner, ...jails()];
    signalAll(stopped, 'SIGSTOP');
    await sleep(45_000);
    signalAll(stopped, 'SIGCONT');
  }, 8);
  expectWhole(ended, { inFlight: 1 });
});
