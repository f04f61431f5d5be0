import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Nango } from './nango.js';

type Seen = { method: string; path: string; query: URLSearchParams; headers: IncomingMessage['headers']; body: unknown };

describe('the node client', () => {
  let server: Server;
  let nango: Nango;
  let answer: { status: number; body: unknown };
  const seen: Seen[] = [];

  beforeEach(async () => {
    seen.length = 0;
    answer = { status: 200, body: {} };
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
      const text = Buffer.concat(chunks).toString();
      seen.push({ method: request.method ?? '', path: pathname, query: searchParams, headers: request.headers, body: text ? JSON.parse(text) : undefined });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    nango = new Nango({ host: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, secretKey: 'key' });
  });
  afterEach(() => new Promise((resolve) => void server.close(resolve)));

  const last = (): Seen => seen.at(-1) as Seen;

  it('refuses to be made without a key', () => {
    expect(() => new Nango({ secretKey: '' })).toThrow('secret key');
  });

  it('refuses a host that is no URL, naming it', () => {
    expect(() => new Nango({ secretKey: 'key', host: 'nowhere' })).toThrow("Invalid host 'nowhere'");
  });

  it('sends the key with every call', async () => {
    await nango.listConnections();
    expect(last().headers.authorization).toBe('Bearer key');
  });

  it('lists records with the connection in headers and the rest in the query', async () => {
    answer.body = { records: [], next_cursor: null };
    await nango.listRecords({ providerConfigKey: 'asana', connectionId: 'c1', model: 'Task', modifiedAfter: '2026-01-01', limit: 5, ids: ['a', 'b'] });
    expect(last().path).toBe('/records');
    expect(last().headers['connection-id']).toBe('c1');
    expect(Object.fromEntries(last().query)).toMatchObject({ model: 'Task', modified_after: '2026-01-01', limit: '5' });
    expect(last().query.getAll('ids')).toEqual(['a', 'b']);
  });

  it.each([
    ['by position', (client: Nango) => client.triggerAction('slack', 'c1', 'alert', { channel: 'C' })],
    ['with action', (client: Nango) => client.triggerAction({ providerConfigKey: 'slack', connectionId: 'c1', action: 'alert', input: { channel: 'C' } })],
    ['with model', (client: Nango) => client.triggerAction({ providerConfigKey: 'slack', connectionId: 'c1', model: 'alert', input: { channel: 'C' } })],
  ])('triggers an action %s', async (_, trigger) => {
    answer.body = { ok: true };
    expect(await trigger(nango)).toEqual({ ok: true });
    expect(last().headers).toMatchObject({ 'connection-id': 'c1', 'provider-config-key': 'slack' });
    expect(last().body).toEqual({ action_name: 'alert', input: { channel: 'C' } });
  });

  it('says what an action call without a name lacks', async () => {
    await expect(nango.triggerAction({ providerConfigKey: 'slack', connectionId: 'c1' })).rejects.toThrow('name of an action');
  });

  it('triggers syncs in both orders of arguments', async () => {
    await nango.triggerSync('asana', ['tasks'], 'c1', true);
    expect(last().body).toEqual({ provider_config_key: 'asana', connection_id: 'c1', syncs: ['tasks'], full_resync: true });
    await nango.triggerSync('asana', 'c1', ['tasks']);
    expect(last().body).toEqual({ provider_config_key: 'asana', connection_id: 'c1', syncs: ['tasks'] });
    await nango.triggerSync('asana');
    expect(last().body).toEqual({ provider_config_key: 'asana', syncs: [] });
  });

  it('makes and deletes variants of a sync', async () => {
    const variant = { provider_config_key: 'asana', connection_id: 'c1', name: 'tasks', variant: 'eu' };
    await nango.createSyncVariant(variant);
    expect(last()).toMatchObject({ method: 'POST', path: '/sync/tasks/variant/eu', body: { provider_config_key: 'asana', connection_id: 'c1' } });
    await nango.deleteSyncVariant(variant);
    expect(last()).toMatchObject({ method: 'DELETE', path: '/sync/tasks/variant/eu', body: { provider_config_key: 'asana', connection_id: 'c1' } });
  });

  it('asks for the status of named syncs with their variants', async () => {
    await nango.syncStatus('asana', ['a', { name: 'b', variant: 'x' }], 'c1');
    expect(last().query.get('syncs')).toBe('a,b::x');
  });

  it("prefixes headers that are meant for the external API and passes the caller's retries on", async () => {
    await nango.post({ endpoint: 'tasks', providerConfigKey: 'asana', connectionId: 'c1', headers: { 'X-Team': '7' }, retries: 3, data: { name: 'n' } });
    expect(last().path).toBe('/proxy/tasks');
    expect(last().headers).toMatchObject({ 'nango-proxy-x-team': '7', retries: '3', 'base-url-override': '' });
    expect(last().body).toEqual({ name: 'n' });
  });

  it('appends a query given as a string as it stands', async () => {
    await nango.get({ endpoint: '/tasks', providerConfigKey: 'asana', connectionId: 'c1', params: 'a=1&a=2' });
    expect(last().query.getAll('a')).toEqual(['1', '2']);
  });

  it('throws the axios error of a refused call with the body of the server', async () => {
    answer = { status: 404, body: { error: { code: 'unknown_connection' } } };
    await expect(nango.getConnection('asana', 'nobody')).rejects.toMatchObject({ response: { status: 404, data: { error: { code: 'unknown_connection' } } } });
  });
});
