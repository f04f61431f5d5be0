import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Product, sharedStack, type TestStack } from './testing/index.js';

const sync = { type: 'sync', models: ['Task'], endpoints: [{ method: 'GET', path: '/tasks' }] } as const;
/** Says what it meets, and goes on as long as it may. */
const endless = `exports.default = async (nango) => {
  nango.abortSignal?.addEventListener('abort', () => nango.log('the signal came'));
  for (;;) {
    await nango.get({ endpoint: '/tasks' }).catch(async (error) => { await nango.get({ endpoint: '/told?code=' + error.code }).catch(() => undefined); throw error; });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}`;

/** Has a save under way at almost any moment. */
const saver = `exports.default = async (nango) => { for (let round = 0; ; round += 1) await nango.batchSave([{ id: String(round % 9), round }], 'Task'); }`;

describe('a run that is cancelled', () => {
  let api: Server;
  let stack: TestStack;
  let product: Product;
  let integration: string;
  let connection: string;
  let calls = 0;

  beforeAll(async () => {
    api = createServer((_, response) => {
      calls += 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
    });
    await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
    stack = await sharedStack();
    product = new Product(stack, `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
    integration = await product.integration();
    await product.deploy(integration, { name: 'endless', js: endless, ...sync });
    await product.deploy(integration, {
      name: 'stuck',
      type: 'action',
      js: 'exports.default = async (nango) => { await nango.get({ endpoint: "/begun" }); await new Promise((resolve) => setTimeout(resolve, 60_000)); }',
    });
    await product.deploy(integration, { name: 'saver', js: saver, ...sync, auto_start: false });
    connection = await product.connection(integration);
  });
  afterAll(() => void api?.close());

  const status = () => product.status(integration, connection, 'endless');
  const command = (path: string, change: object = {}) =>
    product.must('POST', path, { body: { provider_config_key: integration, connection_id: connection, syncs: ['endless'], ...change } });

  it('ends within seconds, makes no further call, and its sync can run again', async () => {
    await vi.waitFor(() => expect(calls).toBeGreaterThan(5), { timeout: 20_000, interval: 100 });
    const startedAt = performance.now();
    await command('/sync/cancel');
    await vi.waitFor(async () => expect(await status()).toMatchObject({ status: 'STOPPED', latestExecutionStatus: 'CANCELLED' }), {
      timeout: 20_000,
      interval: 100,
    });
    expect(performance.now() - startedAt).toBeLessThan(12_000);
    const after = calls;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(calls).toBe(after);
    expect((await status())?.nextScheduledSyncAt).not.toBeNull();
    await command('/sync/trigger');
    await vi.waitFor(() => expect(calls).toBeGreaterThan(after + 2), { timeout: 20_000, interval: 100 });
  });

  it('makes way for one that starts over', async () => {
    expect(await status()).toMatchObject({ status: 'RUNNING' });
    const before = calls;
    await command('/sync/trigger', { opts: { reset: true } });
    const statuses = async () => (await executions(`e.kind = 'sync'`)).map((execution) => execution.status);
    await vi.waitFor(async () => expect(await statuses()).toEqual(['cancelled', 'cancelled', 'running']), { timeout: 20_000, interval: 200 });
    await vi.waitFor(() => expect(calls).toBeGreaterThan(before + 5), { timeout: 20_000, interval: 100 });
    await command('/sync/cancel');
    await vi.waitFor(async () => expect(await status()).toMatchObject({ latestExecutionStatus: 'CANCELLED' }), { timeout: 20_000, interval: 100 });
  });

  it('has not failed when that cuts off a save', async () => {
    await command('/sync/trigger', { syncs: ['saver'] });
    const latest = async () => (await executions(`e.kind = 'sync'`)).at(-1)?.status;
    await vi.waitFor(async () => expect(await latest()).toBe('running'), { timeout: 20_000, interval: 50 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await command('/sync/cancel', { syncs: ['saver'] });
    await vi.waitFor(async () => expect(await latest()).not.toBe('running'), { timeout: 20_000, interval: 50 });
    expect(await latest()).toBe('cancelled');
  });

  it('may be an action whose caller waits', async () => {
    const answer = product.call('POST', '/action/trigger', {
      headers: { 'connection-id': connection, 'provider-config-key': integration },
      body: { action_name: 'stuck' },
    });
    const running = await vi.waitUntil(async () => (await executions(`e.kind = 'action' AND e.status = 'running'`))[0], { timeout: 20_000, interval: 50 });
    await product.must('POST', `/action/${running.id}/cancel`);
    const { status: code, body } = await answer;
    expect([code, (body as { error: { code: string } }).error.code]).toEqual([500, 'script_aborted']);
  });

  async function executions(where: string): Promise<{ id: string; status: string }[]> {
    const client = new pg.Client({ connectionString: stack.databaseUrl });
    await client.connect();
    const { rows } = await client.query<{ id: string; status: string }>(
      `SELECT e.id, e.status FROM execution e JOIN connection c ON c.id = e.connection_id WHERE c.connection_id = $1 AND ${where} ORDER BY e.created_at`,
      [connection],
    );
    await client.end();
    return rows;
  }
});
