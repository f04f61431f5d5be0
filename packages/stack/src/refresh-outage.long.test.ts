import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Child, endChild, launch, untilReady } from './child.js';
import { freePort } from './ports.js';
import { services } from './services.js';
import type { Stack } from './stack.js';
import { anEvilServer, aStack, type EvilServer, Product } from './testing/index.js';
import { asJson, tokens } from './testing/evil-answers.js';
import { describe } from './testing/shared-stack.js';

let stack: Stack;
let product: Product;
let provider: EvilServer;
let second: { url: string; child: Child };

beforeAll(async () => {
  [stack, provider] = await Promise.all([aStack(), anEvilServer()]);
  product = new Product(describe(stack), provider.url);
  second = await anotherProxy();
});
afterAll(async () => {
  await endChild(second.child, { stopSignal: 'SIGKILL', graceMs: 0 });
  await Promise.all([stack.stop(), provider.close()]);
});

async function anotherProxy(): Promise<{ url: string; child: Child }> {
  const ports = { ...stack.ports, proxy: await freePort() };
  const { encryptionKey, internalKey } = stack.keys;
  const { databaseUrl, temporalAddress } = stack;
  const component = services({ ports, databaseUrl, temporalAddress, encryptionKey, internalKey, seedFile: '', egressAllow: '127.0.0.1' }).proxy;
  const child = launch(component, stack.logFile('proxy-2'));
  await untilReady(component, child);
  return { url: `http://127.0.0.1:${ports.proxy}`, child };
}

const query = async (sql: string, values: unknown[]): Promise<void> => {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  await client.query(sql, values);
  await client.end();
};

/** Postgres dies; its supervisor starts it again. The tests' Postgres would lose what it has not written yet. */
async function killPostgres(): Promise<void> {
  await query('CHECKPOINT', []);
  const { postgres } = stack.describe().pids;
  process.kill(postgres, 'SIGKILL');
  while (stack.describe().pids.postgres === postgres) await wait(20);
}

it('R-04 stores a token that came while Postgres was away, and nobody spends the old one meanwhile', { timeout: 120_000 }, async () => {
  const credentials = { type: 'OAUTH2', client_id: 'client', client_secret: 'secret' };
  await product.must('POST', '/integrations', { body: { unique_key: 'outage', provider: 'demo-tracker-oauth', credentials } });
  const imported = { type: 'OAUTH2', access_token: 'old', refresh_token: 'refresh-0', expires_at: new Date(Date.now() - 1_000).toISOString() };
  const connection = { provider_config_key: 'outage', connection_id: 'c', credentials: imported, connection_config: { baseUrl: provider.url } };
  await product.must('POST', '/connections', { body: connection });
  const issued = tokens({ access_token: 'new', refresh_token: 'refresh-1', expires_in: 3600 });
  provider.answer(
    '/oauth/token',
    (request, response) => {
      // The lease has lapsed by the time that Postgres is back, as after an outage of a minute.
      const outage = query(`UPDATE connection SET lease_until = now() - interval '1 second' WHERE connection_id = $1`, ['c']).then(killPostgres);
      void outage.then(() => issued(request, response));
    },
    asJson(400, { error: 'invalid_grant' }),
  );
  const headers = { authorization: `Bearer ${product.stack.secretKey}`, 'provider-config-key': 'outage', 'connection-id': 'c', retries: '0' };
  const call = async (url: string): Promise<number> => (await fetch(`${url}/proxy/items`, { headers })).status;
  const first = call(stack.describe().proxyUrl);
  await expect.poll(() => provider.calls('/oauth/token').length).toBe(1);
  await expect.poll(() => call(second.url).catch(() => 0), { timeout: 60_000 }).toBe(200);
  await expect.poll(() => call(stack.describe().proxyUrl).catch(() => 0), { timeout: 60_000 }).toBe(200);
  await first.catch(() => undefined); // its own lookups may have met the outage
  expect(provider.calls('/oauth/token')).toHaveLength(1);
  expect(provider.calls('/items').at(-1)?.headers.authorization).toBe('Bearer new');
});
