import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Answer, Product, sharedStack } from './testing/index.js';
import type { TestStack } from './testing/shared-stack.js';

const scripts = {
  throws: `exports.default = async () => { throw new Error('the script is unhappy'); }`,
  refuses: `exports.default = async (nango, input) => { throw new nango.ActionError({ reason: 'no such channel', input }); }`,
  loops: `exports.default = async () => { for (;;) {} }`,
  waits: `exports.default = () => new Promise(() => {})`,
  exits: `exports.default = async () => { process.exit(0); }`,
  returns_nothing: `exports.default = async () => {}`,
  allocates: `exports.default = async () => { const all = []; for (;;) all.push(new Array(1_000_000).fill(Math.random())); }`,
  returns_a_cycle: `exports.default = async () => { const a = {}; a.a = a; return a; }`,
  has_no_default: `exports.other = async () => 1`,
  requires_files: `const fs = require('fs'); exports.default = async () => fs.readdirSync('/')`,
  does_not_parse: `exports.default = async () => {`,
  calls: `exports.default = async (nango, input) => { const { data, status } = await nango.get({ endpoint: input.endpoint, retries: input.retries ?? 0 }); return { status, data }; }`,
  works: `exports.default = async () => ({ fine: true })`,
};

let failuresLeft = 0;
const api: RequestListener = (request, response) => {
  const json = (status: number, body: unknown, headers = {}): void =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  switch (request.url) {
    case '/401':
      return json(401, { error: 'bad key' });
    case '/429-then-200':
      return failuresLeft-- > 0 ? json(429, { error: 'slow down' }, { 'retry-after': '1' }) : json(200, { ok: true });
    case '/500-then-200':
      return failuresLeft-- > 0 ? json(500, { error: 'oops' }) : json(200, { ok: true });
    case '/html':
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Maintenance</h1>');
    case '/cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"half":');
      return void setTimeout(() => response.destroy(), 50);
    default:
      return json(200, { ok: true });
  }
};

describe('bad input', () => {
  let stack: TestStack;
  let upstream: Server;
  let product: Product;
  let integration: string;
  let connectionId: string;

  beforeAll(async () => {
    upstream = createServer(api);
    await new Promise<void>((resolve) => void upstream.listen(0, '127.0.0.1', resolve));
    stack = await sharedStack();
    product = new Product(stack, `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
    integration = await product.integration();
    await product.deploy(integration, ...Object.entries(scripts).map(([name, js]) => ({ name, type: 'action' as const, js })));
    connectionId = await product.connection(integration);
  });
  afterAll(() => upstream?.close());

  const run = (name: string, input?: unknown): Promise<Answer> => product.action(integration, connectionId, name, input);

  describe('from a script', () => {
    it.each([
      ['throws', 500, 'script_internal_error', 'the script is unhappy'],
      ['refuses', 500, 'action_script_runtime_error', 'no such channel'],
      ['waits', 500, 'script_internal_error', 'without a result'],
      ['exits', 500, 'script_internal_error', 'process'],
      ['allocates', 500, 'script_out_of_memory', 'memory'],
      ['returns_a_cycle', 500, 'script_output_not_serializable', ''],
      ['has_no_default', 500, 'script_internal_error', 'default'],
      ['requires_files', 500, 'script_module_not_allowed', 'fs'],
      ['does_not_parse', 500, 'script_internal_error', ''],
    ])('that %s is answered with %i %s, and the next action works', async (name, status, code, words) => {
      const answer = await run(name, { channel: 'C1' });
      expect(answer).toMatchObject({ status, body: { error: { code } } });
      expect(JSON.stringify(answer.body)).toContain(words);
      expect(await run('works')).toMatchObject({ status: 200, body: { fine: true } });
    });

    it('that returns nothing is answered with an empty result', async () => {
      const answer = await run('returns_nothing');
      expect(answer.status).toBe(200);
      expect(answer.body || null).toBeNull();
    });

    it.runIf(inject('long'))('that loops for ever is ended by the watchdog', { timeout: 90_000 }, async () => {
      expect(await run('loops')).toMatchObject({ status: 500, body: { error: { code: 'execution_timeout' } } });
      expect(await run('works')).toMatchObject({ status: 200 });
    });

    it('that saves to a model it did not declare fails its sync with an error that names the declared ones', async () => {
      const js = `exports.default = async (nango) => { await nango.batchSave([{ id: 1 }], 'Nothing'); }`;
      await product.deploy(integration, { name: 'wrong-model', type: 'sync', models: ['Thing'], js });
      const status = await product.ran(integration, connectionId, 'wrong-model');
      expect(status.status).toBe('ERROR');
      const { body } = await product.call('GET', `/connection?connectionId=${connectionId}`);
      expect(body).toMatchObject({ connections: [{ errors: [{ type: 'sync' }] }] });
    });
  });

  describe('from a caller', () => {
    const headers = (): Record<string, string> => ({ 'connection-id': connectionId, 'provider-config-key': integration });

    it('with no key, half a key or a wrong one is refused', async () => {
      const ask = (authorization?: string): Promise<Response> => fetch(`${stack.serverUrl}/connection`, authorization ? { headers: { authorization } } : {});
      expect((await ask()).status).toBe(401);
      expect(await (await ask()).json()).toMatchObject({ error: { code: 'missing_auth_header' } });
      expect(await (await ask('Bearer')).json()).toMatchObject({ error: { code: 'malformed_auth_header' } });
      expect(await product.call('GET', '/connection', { key: 'abc' })).toMatchObject({ status: 401, body: { error: { code: 'invalid_secret_key_format' } } });
      expect(await product.call('GET', '/connection', { key: crypto.randomUUID() })).toMatchObject({
        status: 401,
        body: { error: { code: 'unknown_account' } },
      });
    });

    it('with an unknown connection is told so, by every way in', async () => {
      const unknown = { ...headers(), 'connection-id': 'nobody' };
      expect(await product.call('GET', `/connection/nobody?provider_config_key=${integration}`)).toMatchObject({
        status: 404,
        body: { error: { code: 'unknown_connection' } },
      });
      expect(await product.call('POST', '/action/trigger', { headers: unknown, body: { action_name: 'works' } })).toMatchObject({
        status: 400,
        body: { error: { code: 'unknown_connection' } },
      });
      expect(await product.call('GET', '/records?model=Thing', { headers: unknown })).toMatchObject({
        status: 400,
        body: { error: { code: 'unknown_connection' } },
      });
      expect(await product.call('GET', '/proxy/x', { headers: unknown })).toMatchObject({ body: { error: { code: 'unknown_connection' } } });
    });

    it('with a connection of the other environment finds nothing there', async () => {
      const key = stack.prodSecretKey;
      const answers = await Promise.all([
        product.call('GET', `/connection/${connectionId}?provider_config_key=${integration}`, { key }),
        product.call('POST', '/action/trigger', { key, headers: headers(), body: { action_name: 'works' } }),
        product.call('GET', '/records?model=Thing', { key, headers: headers() }),
        product.call('GET', '/proxy/x', { key, headers: headers() }),
        product.call('DELETE', `/connection/${connectionId}?provider_config_key=${integration}`, { key }),
      ]);
      for (const { status } of answers) expect([400, 404]).toContain(status);
      expect(await run('works')).toMatchObject({ status: 200 });
    });

    it('with a body that is no JSON, or an unknown action, is told what is wrong', async () => {
      const broken = await fetch(`${stack.serverUrl}/action/trigger`, {
        method: 'POST',
        headers: { authorization: `Bearer ${stack.secretKey}`, 'content-type': 'application/json', ...headers() },
        body: '{"action_name":',
      });
      expect([broken.status, await broken.json()]).toMatchObject([400, { error: { code: 'invalid_json' } }]);
      expect(await run('no-such-action')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
      expect(await product.call('POST', '/action/trigger', { headers: headers(), body: { action_name: 7 } })).toMatchObject({
        status: 400,
        body: { error: { code: 'invalid_body', errors: [{ path: ['action_name'] }] } },
      });
    });
  });

  describe('from the external API', () => {
    it('401 reaches the script as an axios error and the caller as 424 with the upstream answer', async () => {
      expect(await run('calls', { endpoint: '/401' })).toMatchObject({
        status: 424,
        body: { error: { code: 'script_http_error', upstream: { status: 401, body: { error: 'bad key' } } } },
      });
    });

    it.each([
      ['429-then-200', 1],
      ['500-then-200', 1],
    ])('%s is retried as often as the call allows', async (endpoint, retries) => {
      failuresLeft = 1;
      const startedAt = Date.now();
      expect(await run('calls', { endpoint: `/${endpoint}`, retries })).toMatchObject({ status: 200, body: { status: 200, data: { ok: true } } });
      expect(Date.now() - startedAt).toBeGreaterThan(900);
      failuresLeft = 2;
      expect(await run('calls', { endpoint: `/${endpoint}` })).toMatchObject({ status: 424 });
    });

    it('HTML where JSON was expected reaches the script as text', async () => {
      expect(await run('calls', { endpoint: '/html' })).toMatchObject({ status: 200, body: { data: '<h1>Maintenance</h1>' } });
    });

    it('a body that is cut is an error, never half a body', async () => {
      const answer = await run('calls', { endpoint: '/cut' });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(answer.body)).toContain('script_network_error');
    });
  });
});
