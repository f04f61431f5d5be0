import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import type { OAuthMessage } from 'model';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Child, endChild, launch, untilReady } from './child.js';
import { freePort } from './ports.js';
import { services } from './services.js';
import type { Stack } from './stack.js';
import { aStack, CookieBrowser, Product } from './testing/index.js';

/** Passes TCP connections on to the server that is next. */
class Balancer {
  readonly ports: number[] = [];
  /** Connections that each of them was given. */
  readonly given: number[] = [];
  next = 0;
  private readonly server: Server = createServer((client) => {
    this.given[this.next] = (this.given[this.next] ?? 0) + 1;
    const upstream = connect(this.ports[this.next] ?? 0, '127.0.0.1');
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; // it listens on TCP
  }

  stop(): void {
    this.server.close();
  }
}

const balancer = new Balancer();
const children: Child[] = [];
const sockets: WebSocket[] = [];
let stack: Stack;
let url: string;
let product: Product;

beforeAll(async () => {
  [stack, url] = await Promise.all([aStack(), balancer.start()]);
  await Promise.all([aServer('server-a'), aServer('server-b')]);
  product = new Product({ serverUrl: url, secretKey: stack.describe().environments.dev.secretKey }, stack.simulatorUrl);
  const app = { type: 'OAUTH2', client_id: 'demo-client', client_secret: 'demo-secret', scopes: 'issues' };
  await product.must('POST', '/integrations', { body: { unique_key: 'tracker', provider: 'demo-tracker-oauth', credentials: app } });
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});
afterAll(async () => {
  await Promise.all(children.map((child) => endChild(child, { stopSignal: 'SIGKILL', graceMs: 0 })));
  balancer.stop();
  await stack.stop();
});

/** A server process on the stack's database that goes by the balancer's address. */
async function aServer(name: string): Promise<void> {
  const ports = { ...stack.ports, server: await freePort(), connect: await freePort() };
  const { databaseUrl, temporalAddress, keys } = stack;
  const component = services({ ports, databaseUrl, temporalAddress, ...keys, seedFile: '', egressAllow: '' }).server;
  const { NANGO_SEED: _, ...env } = component.env;
  const child = launch({ ...component, env: { ...env, NANGO_SERVER_URL: url } }, stack.logFile(name));
  children.push(child);
  balancer.ports.push(ports.server);
  await untilReady(component, child);
}

/** A page that waits at the first server; everything after it goes to the second. */
async function waitingPage(): Promise<{ id: string; message: Promise<OAuthMessage> }> {
  balancer.next = 0;
  const socket = new WebSocket(url.replace('http', 'ws'));
  sockets.push(socket);
  const next = <T>(): Promise<T> => new Promise((resolve) => socket.once('message', (text) => resolve(JSON.parse(String(text)) as T)));
  const { ws_client_id: id } = await next<{ ws_client_id: string }>();
  balancer.next = 1;
  return { id, message: next<OAuthMessage>() };
}

/** Goes to the tracker and consents; ends at the callback, which is not opened yet. */
async function untilCallback(browser: CookieBrowser, waitingId: string): Promise<string> {
  const body = { end_user: { id: 'user-1' }, allowed_integrations: ['tracker'] };
  const { data } = (await product.must('POST', '/connect/sessions', { body })) as { data: { token: string } };
  const query = new URLSearchParams({ 'params[baseUrl]': stack.simulatorUrl, connect_session_token: data.token, ws_client_id: waitingId });
  const consent = await browser.visit(`${url}/oauth/connect/tracker?${query}`);
  const link = /id="allow" href="([^"]+)"/.exec(consent.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
  return (await browser.visit(new URL(link, consent.url).href, { stopAt: (next) => next.includes('/oauth/callback') })).url;
}

it('tells a page that waits at another server than the one that the callback reaches, also when that server had lost its connection to Postgres at that moment', async () => {
  const waiting = await waitingPage();
  const browser = new CookieBrowser();
  const callback = await untilCallback(browser, waiting.id);
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'listen%' AND datname = current_database()`);
  await client.end();
  expect((await browser.visit(callback)).status).toBe(200);
  expect(await waiting.message).toMatchObject({ message_type: 'success' });
});

it('takes a callback once, whichever of two servers is asked at the same time', async () => {
  const waiting = await waitingPage();
  const browser = new CookieBrowser();
  const callback = await untilCallback(browser, waiting.id);
  // One uses the connection that is open, to the second; the other opens one, to the first.
  balancer.next = 0;
  const answers = await Promise.all([browser.visit(callback), browser.visit(callback)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
});
