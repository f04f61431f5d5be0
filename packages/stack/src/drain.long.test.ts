import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Child, endChild, launch, untilReady } from './child.js';
import { freePort } from './ports.js';
import { services } from './services.js';
import type { Stack } from './stack.js';
import { aStack, Product } from './testing/index.js';
import { describe as told } from './testing/shared-stack.js';

const sync = { type: 'sync', models: ['Task'], endpoints: [{ method: 'GET', path: '/tasks' }], auto_start: false } as const;
const long = `exports.default = async (nango) => {
  for (let page = 0; page < 300; page += 1) {
    await nango.get({ endpoint: '/pages/' + page });
    await nango.batchSave([{ id: String(page) }], 'Task');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}`;

describe('a process that is told to stop', () => {
  let stack: Stack;
  let api: Server;
  let product: Product;
  let integration: string;
  let connection: string;
  let second: Child | undefined;
  let calls = 0;

  beforeAll(async () => {
    api = createServer((request, response) => {
      calls += 1;
      const answer = (): void => void response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
      setTimeout(answer, request.url?.startsWith('/slow') ? 2_000 : 0);
    });
    await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
    stack = await aStack();
    product = new Product(told(stack), `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
    integration = await product.integration();
    connection = await product.connection(integration);
    await product.deploy(integration, { name: 'long', js: long, ...sync });
    await product.deploy(integration, {
      name: 'brief',
      type: 'action',
      js: `exports.default = async (nango) => { await nango.get({ endpoint: '/slow' }); return 'done'; }`,
    });
  });
  afterAll(async () => {
    if (second) await endChild(second, { stopSignal: 'SIGKILL', graceMs: 1_000 });
    await stack?.stop();
    api?.close();
  });

  const execution = async () => {
    const client = new pg.Client({ connectionString: stack.databaseUrl });
    await client.connect();
    const { rows } = await client.query<{ status: string; generation: number }>(
      `SELECT status, generation FROM execution WHERE kind = 'sync' ORDER BY created_at DESC LIMIT 1`,
    );
    await client.end();
    return rows[0];
  };
  const exited = async (name: 'runner' | 'proxy' | 'server' | 'orchestrator') => {
    const { pid, startedAt } = { pid: stack.describe().pids[name], startedAt: performance.now() };
    process.kill(pid, 'SIGTERM');
    await vi.waitFor(() => expect(stack.describe().pids[name]).not.toBe(pid), { timeout: 40_000, interval: 50 });
    const ms = performance.now() - startedAt;
    const health = `http://127.0.0.1:${stack.ports[name]}/health`;
    await vi.waitFor(async () => expect((await fetch(health)).ok).toBe(true), { timeout: 30_000, interval: 100 });
    return ms;
  };

  it('as a runner finishes what is short and hands on what is long, at once', { timeout: 120_000 }, async () => {
    await product.must('POST', '/sync/trigger', { body: { provider_config_key: integration, connection_id: connection, syncs: ['long'] } });
    await vi.waitFor(() => expect(calls).toBeGreaterThan(5), { timeout: 20_000, interval: 50 });
    const answer = product.action(integration, connection, 'brief');
    await vi.waitFor(() => expect(calls).toBeGreaterThan(20), { timeout: 20_000, interval: 50 });
    second = await anotherRunner();
    const startedAt = performance.now();
    const ended = exited('runner');
    expect(await answer).toMatchObject({ status: 200, body: 'done' });
    await vi.waitFor(async () => expect(await execution()).toMatchObject({ status: 'running', generation: 2 }), { timeout: 40_000, interval: 100 });
    // Eight seconds of grace, some for the script to hear of it; never the half minute of the heartbeat timeout.
    expect(performance.now() - startedAt).toBeLessThan(16_000);
    expect(await ended).toBeLessThan(30_000);
    await product.must('POST', '/sync/cancel', { body: { provider_config_key: integration, connection_id: connection, syncs: ['long'] } });
    await vi.waitFor(async () => expect(await execution()).toMatchObject({ status: 'cancelled', generation: 2 }), { timeout: 20_000, interval: 100 });
  });

  it.each(['proxy', 'server'] as const)('as the %s answers every call that it has taken', { timeout: 90_000 }, async (name) => {
    const before = calls;
    const headers = { 'connection-id': connection, 'provider-config-key': integration, authorization: `Bearer ${stack.keys.environments.dev.secretKey}` };
    const url = name === 'proxy' ? `http://127.0.0.1:${stack.ports.proxy}` : `http://127.0.0.1:${stack.ports.server}`;
    const answers = Promise.all(Array.from({ length: 200 }, () => fetch(`${url}/proxy/slow`, { headers }).then((response) => response.status)));
    await vi.waitFor(() => expect(calls - before).toBe(200), { timeout: 20_000, interval: 20 });
    const ms = await exited(name);
    expect(await answers).toEqual(Array.from({ length: 200 }, () => 200));
    expect(ms).toBeLessThan(10_000);
  });

  it('as the orchestrator leaves its workflows to the next one', { timeout: 90_000 }, async () => {
    await product.must('POST', '/sync/trigger', { body: { provider_config_key: integration, connection_id: connection, syncs: ['long'] } });
    await vi.waitFor(async () => expect(await execution()).toMatchObject({ status: 'running' }), { timeout: 20_000, interval: 50 });
    expect(await exited('orchestrator')).toBeLessThan(30_000);
    const before = calls;
    await vi.waitFor(() => expect(calls).toBeGreaterThan(before + 20), { timeout: 40_000, interval: 100 });
    expect(await execution()).toMatchObject({ status: 'running', generation: 1 });
  });

  async function anotherRunner(): Promise<Child> {
    const wiring = {
      ports: { ...stack.ports, runner: await freePort() },
      databaseUrl: '',
      encryptionKey: '',
      seedFile: '',
      egressAllow: '',
      temporalAddress: stack.temporalAddress,
      internalKey: stack.keys.internalKey,
    };
    const component = services(wiring).runner;
    const child = launch(component, `${stack.home.folder}/logs/second-runner.log`);
    await untilReady(component, child);
    return child;
  }
});
