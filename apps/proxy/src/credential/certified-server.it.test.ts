import { createHash, randomBytes } from 'node:crypto';
import { anAuthorizationServer, type AuthorizationServer, CookieBrowser, testClientSecret } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProxyProcess } from '../test/proxy-process.js';
import { type TestConnection, TestProxy } from '../test/proxy.js';

const redirectUri = 'http://127.0.0.1:1/callback';

describe('a connection at a certified authorization server that revokes the grant of a token that is used twice', () => {
  let server: AuthorizationServer;
  let proxy: TestProxy;
  let processes: ProxyProcess[] = [];
  beforeAll(async () => {
    server = await anAuthorizationServer({ redirectUris: [redirectUri] });
    proxy = await TestProxy.start({ NANGO_EGRESS_ALLOW: new URL(server.url).host });
    await proxy.pool.query(`UPDATE environment SET webhook_url = 'https://product.example/hook', on_auth_refresh_error = true`);
    processes = await Promise.all(Array.from({ length: 4 }, () => ProxyProcess.start(proxy.settings)));
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await proxy?.stop();
    await server?.close();
  });

  /** Tokens as the server gives them to somebody who has consented. */
  const granted = async (): Promise<{ access_token: string; refresh_token: string }> => {
    const browser = new CookieBrowser();
    const verifier = randomBytes(32).toString('base64url');
    const challenge = { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' };
    const query = { client_id: 'body', response_type: 'code', scope: 'openid read', redirect_uri: redirectUri, state: 's', ...challenge };
    const { url } = await browser.visit(`${server.url}/auth?${new URLSearchParams(query)}`);
    const back = await browser.visit(`${url}/allow`, { stopAt: (next) => next.startsWith(redirectUri) });
    const code = new URL(back.url).searchParams.get('code') ?? '';
    const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
    const body = new URLSearchParams({ ...fields, client_id: 'body', client_secret: testClientSecret });
    return (await fetch(`${server.url}/token`, { method: 'POST', body })).json() as Promise<{ access_token: string; refresh_token: string }>;
  };
  const aConnection = async (): Promise<TestConnection & { accessToken: string }> => {
    const tokens = await granted();
    const credentials = { type: 'OAUTH2' as const, ...tokens, expires_at: new Date(Date.now() - 1_000), raw: {} };
    const oauthClient = { id: 'body', secret: testClientSecret };
    const connection = await proxy.aConnection({ provider: 'private-api-oauth2', credentials, oauthClient });
    await proxy.pool.query('UPDATE integration SET config = $2 WHERE unique_key = $1', [connection.providerConfigKey, server.integrationConfig()]);
    return { ...connection, accessToken: tokens.access_token };
  };
  const callAll = async (connection: TestConnection): Promise<number[]> =>
    Promise.all(processes.flatMap(({ url }) => Array.from({ length: 25 }, async () => (await proxy.call(connection, '/api/me', {}, url)).status)));

  it('R-01 is renewed by one call for four processes with 25 callers each, and next with the token that came', async () => {
    const connection = await aConnection();
    for (const calls of [1, 0]) {
      const before = server.calls('/token');
      expect(new Set(await callAll(connection))).toEqual(new Set([200]));
      expect(server.calls('/token') - before).toBe(calls);
    }
    const named = { environmentId: proxy.environments.dev.id, connectionId: connection.connectionId, providerConfigKey: connection.providerConfigKey };
    const before = server.calls('/token');
    const forced = await proxy.inside('connections', proxy.serviceToken('server'), { ...named, forceRefresh: true });
    expect([forced.status, server.calls('/token') - before]).toEqual([200, 1]);
    expect(new Set(await callAll(connection))).toEqual(new Set([200]));
  });

  it('R-07 whose grant its owner has taken back is told of at once, after one call', async () => {
    const connection = await aConnection();
    await server.revokeGrantOf(connection.accessToken);
    const before = server.calls('/token');
    expect(new Set(await callAll(connection))).toEqual(new Set([424]));
    expect(server.calls('/token') - before).toBe(1);
    const { rows } = await proxy.pool.query<{ body: string }>(`SELECT body FROM outbox_event WHERE body LIKE '%' || $1 || '%'`, [connection.connectionId]);
    expect(rows.map(({ body }) => JSON.parse(body) as object)).toMatchObject([{ type: 'auth', operation: 'refresh', success: false }]);
  });
});
