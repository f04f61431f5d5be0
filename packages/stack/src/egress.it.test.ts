import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nameServers } from 'egress';
import { NameServer, Sink, ssrfTargets, ssrfZone } from 'egress/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stack } from './stack.js';
import { aStack, Product } from './testing/index.js';

const domain = 'names.example';

/** Tries every way out that a script has, and tells what it met. */
const tries = `exports.default = async (nango, { urls }) => {
  const meet = async (call) => {
    try { const answer = await call(); return 'REACHED ' + answer.status; }
    catch (error) { return error.payload?.code ?? error.response?.data?.error?.code ?? error.code ?? error.message; }
  };
  const met = [];
  for (const url of urls) met.push([
    await meet(() => nango.get({ endpoint: '/x', baseUrlOverride: url })),
    await meet(() => nango.post({ endpoint: '/x', baseUrlOverride: url, data: {} })),
    await meet(() => nango.uncontrolledFetch({ url })),
    await meet(() => nango.get({ endpoint: '/redirect', params: { to: url } })),
  ]);
  return met;
};`;

const asksForOthers = `exports.default = async (nango, { connectionId }) => {
  const meet = async (call) => { try { await call(); return 'LET THROUGH'; } catch (error) { return error.response?.data?.error?.code ?? error.code ?? error.message; } };
  return [await meet(() => nango.get({ endpoint: '/x', connectionId })), await meet(() => nango.getConnection(undefined, connectionId))];
};`;

describe('a real script on the whole platform', () => {
  let api: Server;
  let sink: Sink;
  let names: NameServer;
  let stack: Stack;
  let product: Product;
  let integration: string;
  let connectionId: string;
  beforeAll(async () => {
    api = createServer(({ url = '' }, response) => {
      const to = new URL(url, 'http://api').searchParams.get('to');
      response.writeHead(to === null ? 200 : 302, to === null ? {} : { location: to.replaceAll(/[^ -~]/g, encodeURIComponent) }).end();
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    [sink, names] = await Promise.all([Sink.start(), NameServer.start(ssrfZone(domain))]);
    const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`; // listens on TCP
    process.env['NANGO_EGRESS_DNS'] = names.address;
    stack = await aStack({ egressAllow: new URL(apiUrl).host });
    delete process.env['NANGO_EGRESS_DNS'];
    product = new Product({ serverUrl: `http://127.0.0.1:${stack.ports.server}`, secretKey: stack.keys.environments.dev.secretKey }, apiUrl);
    integration = await product.integration();
    connectionId = await product.connection(integration);
    await product.deploy(integration, { name: 'tries', type: 'action', js: tries }, { name: 'asks-for-others', type: 'action', js: asksForOthers });
  });
  afterAll(async () => {
    api?.close();
    await stack?.stop();
    await Promise.all([sink?.stop(), names?.stop()]);
  });

  it('E35, S-01 reaches none of the 64 targets, whatever their names resolve to and whoever redirects there', { timeout: 120_000 }, async () => {
    const { apiUrl } = product;
    const own = `http://localhost:${stack.ports.server}`;
    const targets = ssrfTargets({ names: domain, upstream: apiUrl, secure: 'https://127.0.0.1:1', own, port: sink.port });
    await nameServers(names.address)(`rebinding.${domain}`); // tells the truth once
    const answer = await product.action(integration, connectionId, 'tries', { urls: targets.map(({ url }) => url) });
    const met = answer.body as string[][];
    expect([answer.status, met.length]).toEqual([200, 64]);
    const reached = targets.flatMap(({ number, url }, index) =>
      (met[index] ?? []).filter((outcome) => !/^(ERR_)?(URL_NOT_ALLOWED|MISSING_API_URL)$/i.test(outcome)).map((outcome) => ({ number, url, outcome })),
    );
    expect(reached).toEqual([]);
    expect(sink.connections).toBe(0);
    expect(names.asked.filter((question) => question.startsWith('A ') && question.endsWith(domain)).length).toBeGreaterThanOrEqual(16);
  });

  it("E36 gets nothing of another connection, and its run's log tells who asked", async () => {
    const other = await product.connection(integration);
    const { status, body } = await product.action(integration, connectionId, 'asks-for-others', { connectionId: other });
    expect([status, body]).toEqual([200, ['forbidden', 'forbidden']]);
    const client = new pg.Client({ connectionString: stack.describe().databaseUrl });
    await client.connect();
    const { rows } = await client.query(
      `SELECT o.script, m.level, m.meta FROM operation_message m JOIN operation o ON o.id = m.operation_id WHERE m.meta->>'event' = 'audit.connection_refused' ORDER BY m.id`,
    );
    await client.end();
    const line = { script: 'asks-for-others', level: 'warn', meta: { event: 'audit.connection_refused', providerConfigKey: integration, connectionId: other } };
    expect(rows).toEqual([line, line]);
  });
});
