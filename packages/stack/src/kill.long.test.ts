import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Api, apiOf, demo, setUpDemo } from './demo.js';
import type { Stack } from './stack.js';
import { aStack } from './testing/index.js';

const count = 20_000;
let stack: Stack;
let api: Api;
let receiver: Server;
const webhooks: { type: string; model: string; success: boolean; responseResults: { added: number; updated: number; deleted: number } }[] = [];

beforeAll(async () => {
  receiver = await aReceiver();
  stack = await aStack();
  api = apiOf(stack);
  await api('PATCH', '/environment/webhooks', { primary_url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook` });
});
afterAll(async () => {
  receiver.close();
  await stack.stop();
});

it('completes a sync of 20,000 records by itself over a kill -9 of the runner and then of the orchestrator', { timeout: 240_000 }, async () => {
  await steer({ issues: count, changeEverySeconds: 0, delayMs: 300 });
  await setUpDemo(stack);
  await recordsReach(3000);
  await killAndWait('runner');
  await recordsReach(8000);
  await killAndWait('orchestrator');
  await vi.waitFor(async () => expect(await status()).toMatchObject({ latestExecutionStatus: 'SUCCESS', recordCount: { Issue: count } }), {
    timeout: 180_000,
    interval: 500,
  });

  const records = await allRecords();
  expect(records.length).toBe(count);
  expect(new Set(records.map(({ id }) => id)).size).toBe(count);
  expect(records.filter(({ _nango_metadata: { deleted_at } }) => deleted_at !== null)).toEqual([]);
  await vi.waitFor(() => expect(webhooks.length).toBeGreaterThan(0), { timeout: 20_000 });
  await sleep(2000);
  expect(webhooks).toMatchObject([{ type: 'sync', model: demo.model, success: true, responseResults: { added: count, updated: 0, deleted: 0 } }]);
});

it.each(['server', 'proxy', 'temporal', 'postgres'] as const)('brings %s back on its port, and an action works again', { timeout: 120_000 }, async (name) => {
  await steer({ issues: 120, changeEverySeconds: 0, delayMs: 0 });
  await killAndWait(name);
  await vi.waitFor(async () => expect(await createIssue(`after ${name}`)).toMatchObject({ title: `after ${name}` }), { timeout: 60_000, interval: 500 });
});

type Record = { id: string; _nango_metadata: { deleted_at: string | null } };
type Status = { status: string; recordCount?: { [model: string]: number } | null };

/** Kills one process and waits until stack.json names another one that answers. */
async function killAndWait(name: keyof ReturnType<Stack['describe']>['pids']): Promise<void> {
  const before = stack.describe().pids[name];
  process.kill(before, 'SIGKILL');
  await vi.waitFor(() => expect(stack.describe().pids[name]).not.toBe(before), { timeout: 20_000 });
}

async function status(): Promise<Status | undefined> {
  const query = new URLSearchParams({ provider_config_key: demo.providerConfigKey, connection_id: demo.connectionId, syncs: demo.sync });
  const { body } = await api('GET', `/sync/status?${query}`);
  return (body as { syncs: Status[] }).syncs[0];
}

async function recordsReach(wanted: number): Promise<void> {
  await vi.waitFor(async () => expect((await status())?.recordCount?.[demo.model] ?? 0).toBeGreaterThan(wanted), { timeout: 120_000, interval: 100 });
}

async function allRecords(): Promise<Record[]> {
  const records: Record[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = new URLSearchParams({ model: demo.model, limit: '5000', ...(cursor ? { cursor } : {}) });
    const page = (await fromServer('GET', `/records?${query}`)) as { records: Record[]; next_cursor: string | null };
    records.push(...page.records);
    cursor = page.next_cursor;
  }
  return records;
}

const createIssue = (title: string): Promise<unknown> => fromServer('POST', '/action/trigger', { action_name: demo.action, input: { title } });

async function fromServer(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${stack.ports.server}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${stack.keys.environments.dev.secretKey}`,
      'content-type': 'application/json',
      'connection-id': demo.connectionId,
      'provider-config-key': demo.providerConfigKey,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  return response.json();
}

async function steer(settings: { [name: string]: number }): Promise<void> {
  const response = await fetch(`${stack.simulatorUrl}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
  expect(response.status).toBe(200);
}

function aReceiver(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    webhooks.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.end();
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
