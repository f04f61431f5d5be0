import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Stack } from './stack.js';
import { type Answer, aStack, Product } from './testing/index.js';
import { describe as wiringOf } from './testing/shared-stack.js';

const subscribed = `
exports.default = async () => {};
exports.onWebhookPayloadReceived = async (nango, payload) => {
  await nango.batchSave([{ id: String(payload.n), by: nango.connectionId }], 'Thing');
};`;
const eventScript = `exports.default = async (nango) => { await nango.updateMetadata({ greeted: true }); };`;
const judge = `exports.default = async (nango) => { throw new nango.ActionError({ message: 'too small' }); };`;
const actions = {
  flaky: `exports.default = async (nango, input) => { throw new Error('never'); }`,
  echo: `exports.default = async (nango, input) => ({ got: input })`,
};

describe('what runs beside syncs', () => {
  let stack: Stack;
  let product: Product;
  let receiver: Server;
  let environment: string;
  let integration: string;
  let database: pg.Client;
  const told: { type: string; syncType?: string; connectionId?: string; payload?: unknown; operation?: string }[] = [];

  beforeAll(async () => {
    receiver = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      told.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.end();
    });
    await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve));
    stack = await aStack();
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    product = new Product(wiringOf(stack), url);
    await product.must('PATCH', '/environment/webhooks', { body: { primary_url: url, on_auth_creation: true, on_async_action_completion: true } });
    database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
    environment = ((await product.must('GET', '/environment')) as { uuid: string }).uuid;
    integration = await product.integration();
    await product.must('PATCH', `/integrations/${integration}`, { body: { webhook_secret: 'shared' } });
    await product.deploy(
      integration,
      { name: 'things', type: 'sync', js: subscribed, models: ['Thing'], auto_start: false, webhookSubscriptions: ['thing.made'] },
      ...Object.entries(actions).map(([name, js]) => ({ name, type: 'action' as const, js })),
    );
  });
  afterAll(async () => {
    receiver?.close();
    await database?.end();
    await stack?.stop();
  });

  const hook = async (body: { n: number; connectionId: string }, headers: Record<string, string> = {}): Promise<number> => {
    const text = JSON.stringify({ type: 'thing.made', ...body });
    const [id, at] = [`msg-${body.n}`, Math.floor(Date.now() / 1_000)];
    const signature = createHmac('sha256', 'shared').update(`${id}.${at}.${text}`).digest('base64');
    const answer = await fetch(`${product.stack.serverUrl}/webhook/${environment}/${integration}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}`, ...headers },
      body: text,
    });
    // As providers do, again where the server is busy.
    return answer.status === 503 ? hook(body, headers) : answer.status;
  };
  const things = async (connectionId: string) => (await product.records(integration, connectionId, 'Thing')).records;
  const soon = <T>(work: () => T | Promise<T>, timeout = 60_000): Promise<T> => vi.waitFor(work, { timeout, interval: 100 });

  it('a webhook’s script saves records of the connection it names, and the product hears of both', async () => {
    const [one, other] = [await product.connection(integration), await product.connection(integration)];
    expect(await hook({ n: 1, connectionId: one })).toBe(200);
    await soon(async () => expect(await things(one)).toMatchObject([{ id: '1', by: one }]));
    expect(await things(other)).toEqual([]);
    await soon(() => {
      expect(told).toContainEqual(expect.objectContaining({ type: 'sync', syncType: 'WEBHOOK', connectionId: one }));
      expect(told).toContainEqual(expect.objectContaining({ type: 'forward', connectionId: one, payload: { type: 'thing.made', n: 1, connectionId: one } }));
      expect(told).toContainEqual(expect.objectContaining({ type: 'auth', operation: 'creation', connectionId: one }));
    });
  });

  it('what comes fifty times at once runs once; what is not signed does not run', async () => {
    const connectionId = await product.connection(integration);
    const statuses = await Promise.all(Array.from({ length: 50 }, () => hook({ n: 50, connectionId })));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await hook({ n: 51, connectionId }, { 'webhook-signature': 'v1,AAAA' })).toBe(401);
    await soon(async () => expect(await things(connectionId)).toHaveLength(1));
    const count = () => told.filter(({ type, connectionId: name }) => type === 'forward' && name === connectionId).length;
    await soon(() => expect(count()).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect([count(), (await things(connectionId)).length]).toEqual([1, 1]);
  });

  it('nothing that was answered with 200 is lost when orchestrator and runner are killed', { timeout: 180_000 }, async () => {
    const connectionId = await product.connection(integration);
    const sent = Array.from({ length: 40 }, (_, n) => 1_000 + n);
    const kept: number[] = [];
    for (const n of sent) {
      if (n === 1_010) process.kill(stack.describe().pids.orchestrator, 'SIGKILL');
      if (n === 1_020) process.kill(stack.describe().pids.runner, 'SIGKILL');
      if ((await hook({ n, connectionId })) === 200) kept.push(n);
    }
    expect(kept).toHaveLength(40);
    const ended = async () => {
      const { rows } = await database.query<{ status: string; error: boolean }>(
        `SELECT e.status, e.error IS NOT NULL AS error FROM execution e JOIN connection c ON c.id = e.connection_id
         WHERE e.kind = 'webhook' AND c.connection_id = $1 AND e.finished_at IS NOT NULL`,
        [connectionId],
      );
      return rows;
    };
    await soon(async () => expect(await ended()).toHaveLength(40), 150_000);
    // One that was under way in the killed runner is resumed, or ends with a clear error; of all others there is the record.
    const runs = await ended();
    const succeeded = runs.filter(({ status }) => status === 'succeeded');
    expect(runs.filter(({ status, error }) => status !== 'succeeded' && !error)).toEqual([]);
    expect(succeeded.length).toBeGreaterThan(30);
    expect((await things(connectionId)).length).toBeGreaterThanOrEqual(succeeded.length);
  });

  it('event scripts run for a connection that is made, and judge one that is made in a browser', async () => {
    const key = await product.integration();
    const publicKey = ((await product.must('GET', '/environment')) as { public_key: string }).public_key;
    const scripts = [
      { name: 'greet', event: 'post-connection-creation', fileBody: { js: eventScript, ts: '' } },
      { name: 'greet', event: 'pre-connection-deletion', fileBody: { js: eventScript, ts: '' } },
      { name: 'judge', event: 'validate-connection', fileBody: { js: judge, ts: '' } },
    ];
    await product.must('POST', '/sync/deploy', {
      body: { flowConfigs: [], onEventScriptsByProvider: [{ providerConfigKey: key, scripts }], reconcile: false, debug: false, nangoYamlBody: '' },
    });
    const connectionId = await product.connection(key);
    const read = (id: string): Promise<Answer> => product.call('GET', `/connection/${id}?provider_config_key=${key}`);
    await soon(async () => expect((await read(connectionId)).body).toMatchObject({ metadata: { greeted: true } }));
    expect((await product.call('DELETE', `/connection/${connectionId}?provider_config_key=${key}`)).status).toBe(200);
    const name = randomUUID();
    const refused = await product.call('POST', `/api-auth/api-key/${key}?public_key=${publicKey}&connection_id=${name}`, { body: { apiKey: 'pasted' } });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'connection_validation_failed', message: 'too small' } } });
    expect((await read(name)).status).toBe(404);
  });

  it('an asynchronous action answers where its result is asked for, and tells the product', async () => {
    const connectionId = await product.connection(integration);
    const trigger = async (name: string, input: unknown, extra: Record<string, string> = {}) => {
      const headers = { 'connection-id': connectionId, 'provider-config-key': integration, 'x-async': 'true', ...extra };
      const { status, body } = await product.call('POST', '/action/trigger', { headers, body: { action_name: name, input } });
      expect(status).toBe(202);
      return body as { id: string; statusUrl: string };
    };
    const echoed = await trigger('echo', { n: 1 });
    await soon(async () => expect(await product.call('GET', echoed.statusUrl)).toMatchObject({ status: 200, body: { got: { n: 1 } } }));
    const failed = await trigger('flaky', {}, { 'x-max-retries': '1' });
    await soon(async () =>
      expect(await product.call('GET', failed.statusUrl)).toMatchObject({ status: 500, body: { error: { code: 'script_internal_error' } } }),
    );
    await soon(() =>
      expect(told.filter(({ type }) => type === 'async_action').map(({ payload }) => payload)).toEqual(expect.arrayContaining([echoed, failed])),
    );
  });
});
