// The external API of the scorecard: what it serves can be changed and broken, and it remembers who asked what.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const pageSize = 1000;

/** Rows that the second epoch changes and no longer has: of 100,000 rows 200 and 500. */
export const isChanged = (number) => number % 500 === 11;
export const isGone = (number) => number % 200 === 7;

/** The living rows of an epoch as `id:rev`, for comparison with what the platform holds. */
export function expectedItems(total, epoch) {
  const numbers = Array.from({ length: total }, (_, number) => number);
  return numbers.filter((number) => epoch === 0 || !isGone(number)).map((number) => `${itemId(number)}:${revision(number, epoch)}`);
}

/** Serves on a free port of this machine. `say` what to serve with {@link control}. */
export async function startSourceApi() {
  const state = { total: 100_000, epoch: 0, delayMs: 0, fault: null };
  const seen = { gets: new Map(), orders: [] };
  const pages = new Map();
  const server = createServer((request, response) => {
    answer(request, { state, seen, pages }).then(
      ({ status = 200, body }) => send(response, status, body),
      (error) => send(response, 500, { error: String(error) }),
    );
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    seen,
    control(changes) {
      Object.assign(state, changes);
      pages.clear();
      seen.gets.clear();
      seen.orders.length = 0;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request, { state, seen, pages }) {
  const { pathname, searchParams } = new URL(request.url, 'http://source');
  if (request.method === 'POST') {
    const order = JSON.parse(await text(request));
    seen.orders.push(order);
    return { status: 201, body: { accepted: order.key } };
  }
  seen.gets.set(request.url, (seen.gets.get(request.url) ?? 0) + 1);
  if (state.delayMs > 0) await sleep(state.delayMs);
  if (pathname === '/items') return items(Number(searchParams.get('page')), state, pages);
  if (pathname === '/chain') return chain(searchParams.get('after'), state);
  return { body: { ok: true } };
}

function items(page, state, pages) {
  if (state.fault?.page === page) return { status: state.fault.status, body: { error: 'planted' } };
  if (state.fault?.empty) return { body: { items: [], next: null } };
  if (!pages.has(page)) pages.set(page, Buffer.from(JSON.stringify(itemPage(page, state))));
  return { body: pages.get(page) };
}

function itemPage(page, { total, epoch }) {
  const from = (page - 1) * pageSize;
  const to = Math.min(from + pageSize, total);
  const numbers = Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset).filter((number) => epoch === 0 || !isGone(number));
  return { items: numbers.map((number) => item(number, epoch)), next: to < total ? page + 1 : null };
}

function chain(after, { fault }) {
  const step = Number(after ?? 0);
  const cursor = fault?.loop && step >= 3 ? 2 : step + 1;
  return { body: { links: [{ id: `link-${step}` }], cursor: step >= 9 ? null : cursor } };
}

const item = (number, epoch) => ({ id: itemId(number), rev: revision(number, epoch), name: `Item number ${number}`, note: 'lorem ipsum '.repeat(17) });
const itemId = (number) => `item-${String(number).padStart(6, '0')}`;
const revision = (number, epoch) => (epoch > 0 && isChanged(number) ? epoch : 0);

function send(response, status, body) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

async function text(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
