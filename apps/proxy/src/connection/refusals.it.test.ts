import { randomUUID } from 'node:crypto';
import { CallAnswer, callHeader } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProxyProcess } from '../test/proxy-process.js';
import { type TestConnection, TestProxy } from '../test/proxy.js';
import { RotatingGrant } from '../test/rotating-grant.js';
import { json } from '../test/upstream.js';
import type { CredentialRefusalState } from './target.js';

const oauthClient = { id: 'client', secret: 'secret' };
const inAnHour = (): Date => new Date(Date.now() + 3_600_000);

describe('a credential that the API refuses', () => {
  let proxy: TestProxy;
  let processes: ProxyProcess[] = [];
  beforeAll(async () => {
    proxy = await TestProxy.start();
    processes = await ProxyProcess.startMany(4, proxy.settings);
    await proxy.pool.query(`UPDATE environment SET webhook_url = 'https://product.example/hook', on_auth_refresh_error = true`);
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await proxy?.stop();
  });

  /** A token that should last for an hour, and that the API does not take. */
  const aToken = (grant: RotatingGrant) =>
    proxy.aConnection({ provider: 'demo-tracker-oauth', credentials: { ...grant.credentials, expires_at: inAnHour() } as never, oauthClient }); // OAUTH2
  const callAll = (connection: TestConnection, init: RequestInit = {}, path = '/items') =>
    Promise.all(processes.flatMap(({ url }) => Array.from({ length: 25 }, async () => (await proxy.call(connection, path, init, url)).status)));
  const state = async ({ id }: TestConnection) =>
    (await proxy.pool.query<{ refusals: CredentialRefusalState | null }>('SELECT refusals FROM connection WHERE id = $1', [id])).rows[0]?.refusals ?? null;
  const webhooks = async ({ connectionId }: TestConnection) =>
    (await proxy.pool.query<{ body: string }>(`SELECT body FROM outbox_event WHERE body::jsonb ->> 'connectionId' = $1`, [connectionId])).rows.map(
      ({ body }) => JSON.parse(body) as object,
    );
  const errors = async (connection: TestConnection, url = processes[0]?.url): Promise<{ type: string }[]> => {
    const headers = { authorization: `Bearer ${proxy.environments[connection.environment].secretKey}` };
    const answer = await fetch(`${url}/connection/${connection.connectionId}?provider_config_key=${connection.providerConfigKey}`, { headers });
    return ((await answer.json()) as { errors: { type: string }[] }).errors;
  };
  const told = [
    expect.objectContaining({ type: 'auth', operation: 'refresh', success: false, error: expect.objectContaining({ type: 'invalid_credentials' }) }),
  ];

  describe('and that can be renewed', () => {
    it.each<[string, RequestInit]>([
      ['a GET without retries', {}],
      ['a POST', { method: 'POST', body: JSON.stringify({ a: 1 }), headers: { 'content-type': 'application/json' } }],
    ])('is renewed once over four processes, and %s is sent again', async (_, init) => {
      const grant = new RotatingGrant(proxy.upstream);
      const connection = await aToken(grant);
      expect(new Set(await callAll(connection, init))).toEqual(new Set([200]));
      expect([grant.calls, grant.reused]).toEqual([1, 0]);
      expect([await errors(connection), await webhooks(connection)]).toEqual([[], []]);
    });

    it('is renewed for a body that streams through, which is not sent again', async () => {
      const grant = new RotatingGrant(proxy.upstream);
      const connection = await aToken(grant);
      const large = { method: 'POST', body: Buffer.alloc(30_000_000), headers: { 'content-type': 'application/octet-stream' } };
      proxy.upstream.seen.length = 0;
      expect((await proxy.call(connection, '/items', large, processes[0]?.url)).status).toBe(401);
      expect(proxy.upstream.seen.filter(({ url }) => url === '/items')).toHaveLength(1);
      expect((await proxy.call(connection, '/items', large, processes[1]?.url)).status).toBe(200);
      expect(grant.calls).toBe(1);
    });

    it('is renewed by the sign that its entry names, and by no other 403', async () => {
      const grant = new RotatingGrant(proxy.upstream);
      const connection = await aToken(grant);
      proxy.upstream.answers('/mine', (seen, response) =>
        json(seen.headers.authorization === 'Bearer access-0' ? 403 : 200, { error: 'token_expired' })(seen, response),
      );
      proxy.upstream.answers('/others', json(403, { error: 'forbidden' }));
      for (const { url } of processes) expect((await proxy.call(connection, '/others', {}, url)).status).toBe(403);
      expect([grant.calls, await state(connection)]).toEqual([0, null]);
      expect(new Set(await callAll(connection, {}, '/mine'))).toEqual(new Set([200]));
      expect(grant.calls).toBe(1);
    });

    it('is not renewed again when the new token is refused, too', async () => {
      const grant = new RotatingGrant(proxy.upstream);
      const connection = await aToken(grant);
      proxy.upstream.answers('/items', json(401, { error: 'no' }));
      for (let round = 0; round < 3; round++) expect(new Set(await callAll(connection))).toEqual(new Set([401]));
      expect(grant.calls).toBe(1);
    });

    it('is renewed for a script’s call, which is sent again, and anew when a token that worked is refused later', async () => {
      const grant = new RotatingGrant(proxy.upstream);
      const connection = await aToken(grant);
      const { token } = await proxy.anExecution(connection);
      for (const method of ['GET', 'POST']) {
        grant.expireAccess();
        const answer = await proxy.inside('calls', token, { call: randomUUID(), method, endpoint: '/items', retries: 0 });
        const head = CallAnswer.parse(JSON.parse(Buffer.from(answer.headers.get(callHeader) ?? '', 'base64url').toString()));
        expect([method, head.status]).toEqual([method, 200]);
        await expect.poll(() => state(connection)).toBeNull();
      }
      expect([grant.calls, grant.reused]).toEqual([2, 0]);
    });
  });

  describe('and that nothing renews', () => {
    it('costs few writes when it is refused five hundred times', async () => {
      const connection = await proxy.aConnection();
      proxy.upstream.answers('/burst', json(401, { error: 'no' }));
      for (let n = 0; n < 5; n++) expect(new Set(await callAll(connection, {}, '/burst'))).toEqual(new Set([401]));
      expect((await state(connection))?.count).toBeLessThan(20); // each write adds one
    });

    it('is reported for the calls of scripts alike', async () => {
      const connection = await proxy.aConnection();
      const { token } = await proxy.anExecution(connection);
      for (const path of ['/a', '/b']) proxy.upstream.answers(path, json(401, { error: 'no' }));
      for (let count = 1; count <= 5; count++) {
        await proxy.inside('calls', token, { call: randomUUID(), method: count % 2 ? 'GET' : 'POST', endpoint: count % 2 ? '/a' : '/b' });
        await expect.poll(async () => (await state(connection))?.count).toBe(count);
      }
      await expect.poll(() => webhooks(connection)).toEqual(told);
    });
  });
});
