import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { migrate, openPool, transaction } from 'database';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fileURLToPath } from 'node:url';
import { emptyDatabase, freePort, Product, temporalAddress, type TestDatabase } from 'stack/testing';

type Dump = {
  encryptionKey: string;
  secretKey: string;
  tables: Record<string, Record<string, unknown>[]>;
  sequences: Record<string, number>;
};

const lastMigration = '20261126170000_record_claim';

describe('a database of commit 3db4278, after the upgrade', () => {
  const dump = JSON.parse(readFileSync(new URL('../test/database-3db4278.json', import.meta.url), 'utf8')) as Dump; // made by that commit's own services
  let database: TestDatabase;
  let product: Product;
  let tokens: Server;
  const spent: string[] = [];
  const processes: ChildProcess[] = [];

  beforeAll(async () => {
    database = await emptyDatabase();
    await migrate(database.url, { until: lastMigration });
    tokens = await tokenEndpoint(spent);
    await load(database.url, dump, `http://127.0.0.1:${(tokens.address() as AddressInfo).port}`);
    await migrate(database.url);
    product = new Product({ serverUrl: await startServices(), secretKey: dump.secretKey }, '');
  });
  afterAll(async () => {
    await Promise.all(processes.map((child) => new Promise((resolve) => child.once('exit', resolve).kill('SIGTERM'))));
    tokens?.close();
    await database?.drop();
  });

  async function startServices(): Promise<string> {
    const [server, proxy] = [await freePort(), await freePort()];
    const env = {
      PATH: process.env['PATH'] ?? '',
      NANGO_DATABASE_URL: database.url,
      NANGO_ENCRYPTION_KEY: dump.encryptionKey,
      NANGO_INTERNAL_KEY: randomBytes(32).toString('base64'),
      NANGO_EGRESS_ALLOW: '127.0.0.1',
      TEMPORAL_ADDRESS: temporalAddress(),
      NANGO_QUEUE_PREFIX: `upgrade-${server}`,
      SERVER_PORT: String(server),
      PROXY_PORT: String(proxy),
      PROXY_URL: `http://127.0.0.1:${proxy}`,
    };
    for (const app of ['proxy', 'server'])
      processes.push(spawn(process.execPath, [fileURLToPath(new URL(`../../${app}/dist/main.js`, import.meta.url))], { env, stdio: 'ignore' }));
    for (const port of [proxy, server])
      await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200), { timeout: 60_000 });
    return `http://127.0.0.1:${server}`;
  }

  const connection = (key: string, id: string) => product.must('GET', `/connection/${id}?provider_config_key=${key}&refresh_token=true`);

  it('opens the keys and passwords that were sealed then', async () => {
    expect(await connection('old-key', 'old-key-1')).toMatchObject({ credentials: { type: 'API_KEY', apiKey: 'old-api-key' }, metadata: { plan: 'pro' } });
    expect(await connection('old-basic', 'old-basic-1')).toMatchObject({ credentials: { username: 'ada', password: 'old-password' } });
  });

  it('renews a token that was stored then, with the client secret of then', async () => {
    expect(await connection('old-oauth', 'old-oauth-1')).toMatchObject({ credentials: { access_token: 'new-access', refresh_token: 'new-refresh' } });
    expect(spent).toEqual(['client_id=demo-client&client_secret=demo-secret&grant_type=refresh_token&refresh_token=old-refresh']);
  });

  it('gives out the records that were cached then', async () => {
    const { records, next_cursor } = await product.records('demo-tracker', 'demo', 'Issue', { limit: '200' });
    expect([records.length, next_cursor]).toEqual([120, null]);
  });

  it('takes new connections beside the old ones', async () => {
    const body = { provider_config_key: 'old-key', connection_id: 'new-1', credentials: { type: 'API_KEY', apiKey: 'k' } };
    expect(await product.must('POST', '/connections', { body })).toMatchObject({ connection_id: 'new-1' });
  });
});

/** Fills the tables as they were. The one OAuth connection gets an address that answers. */
async function load(url: string, { tables, sequences }: Dump, tokenServer: string): Promise<void> {
  const pool = openPool(url);
  await transaction(pool, async (client) => {
    // Tables come in no order, their rows name each other.
    await client.query('set local session_replication_role = replica');
    for (const [name, rows] of Object.entries(tables))
      await client.query(`insert into "${name}" overriding system value select * from jsonb_populate_recordset(null::public."${name}", $1::jsonb)`, [
        JSON.stringify(rows),
      ]);
    for (const [name, value] of Object.entries(sequences)) await client.query('select setval($1::regclass, $2)', [`"${name}"`, value]);
    await client.query(`update connection set connection_config = jsonb_build_object('baseUrl', $1::text) where connection_id = 'old-oauth-1'`, [tokenServer]);
  });
  await pool.end();
}

async function tokenEndpoint(spent: string[]): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    spent.push(Buffer.concat(chunks).toString());
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ access_token: 'new-access', refresh_token: 'new-refresh', expires_in: 3600 }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return server;
}
