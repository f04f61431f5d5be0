import type { Credentials } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestProxy } from '../test/proxy.js';
import { forHeader, SsrfStand } from '../test/ssrf-stand.js';
import { json } from '../test/upstream.js';

const oauthClient = { id: 'client', secret: 'secret' };
const expired = { access_token: 'old', refresh_token: 'refresh', expires_at: new Date(Date.now() - 1_000), raw: {} };
const grant = { kind: 'authorization_code', code: 'code', redirectUri: 'http://127.0.0.1/callback' };

/** Of an answer, whether anything was got from where a URL led. */
type Got = boolean;

describe('S-01 no URL of an authorisation leads to', () => {
  let stand: SsrfStand;
  let proxy: TestProxy;
  beforeAll(async () => {
    stand = await SsrfStand.start();
    ({ proxy } = stand);
  });
  afterAll(() => stand?.stop());

  const ask = (path: string, body: object): Promise<Response> =>
    proxy.inside(path, proxy.serviceToken('server'), { environmentId: proxy.environments.dev.id, ...body });
  const succeeded = async (answer: Promise<Response>): Promise<Got> => (await answer).ok;
  const revoked = async (answer: Promise<Response>): Promise<Got> =>
    (await answer).ok && ((await (await answer).json()) as { outcome: string }).outcome === 'revoked';
  const tracker = (baseUrl: string) =>
    proxy.aConnection({ provider: 'demo-tracker-oauth', credentials: { type: 'OAUTH2', ...expired }, oauthClient, connectionConfig: { baseUrl } });
  const mcp = (credentials: Credentials, mcp_server_url = `${proxy.upstream.url}/mcp`) =>
    proxy.aConnection({ provider: 'mcp-generic', credentials, connectionConfig: { mcp_server_url } });
  const server = (more: object) => ({
    issuer: proxy.upstream.url,
    token_endpoint: `${proxy.upstream.url}/token`,
    token_endpoint_auth_method: 'none' as const,
    resource: proxy.upstream.url,
    ...more,
  });
  const tokens = (more: object): Credentials => ({ type: 'MCP_OAUTH2_GENERIC', ...expired, server: server(more) });
  /** Discovery at an MCP server of the test, or at the address given. */
  const discover = async (mcp_server_url = `${proxy.upstream.url}/mcp`): Promise<Got> => {
    const { providerConfigKey } = await mcp({ type: 'NONE' });
    const redirect = { redirectUri: 'http://127.0.0.1/callback', clientMetadataUrl: 'http://127.0.0.1/client' };
    return succeeded(ask('authorizations/mcp', { providerConfigKey, connectionConfig: { mcp_server_url }, ...redirect }));
  };
  /** What the MCP server of the test says of itself. */
  const describeServer = ({ named, issuers = [proxy.upstream.url], registration }: { named?: string; issuers?: string[]; registration?: string }): void => {
    const { url } = proxy.upstream;
    proxy.upstream.answers('/mcp', json(401, {}, named === undefined ? {} : { 'www-authenticate': `Bearer resource_metadata="${named}"` }));
    proxy.upstream.answers('/.well-known/oauth-protected-resource/mcp', json(200, { resource: `${url}/mcp`, authorization_servers: issuers }));
    const endpoints = { authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token`, registration_endpoint: registration ?? `${url}/register` };
    proxy.upstream.answers('/.well-known/oauth-authorization-server', json(200, { issuer: url, response_types_supported: ['code'], ...endpoints }));
    proxy.upstream.answers('/register', json(201, { client_id: 'client' }));
  };

  const urls: Record<string, (url: string) => Promise<Got>> = {
    'the token URL, with a code': async (url) => {
      const { providerConfigKey } = await tracker(url);
      return succeeded(ask('authorizations', { providerConfigKey, connectionConfig: { baseUrl: url }, grant }));
    },
    'the token URL, with a refresh token': async (url) => (await proxy.call(await tracker(url), '/x')).ok,
    'the revocation URL': async (url) => {
      const { connectionId, providerConfigKey } = await proxy.aConnection({
        provider: 'private-api-oauth2',
        credentials: { type: 'OAUTH2', ...expired },
        oauthClient,
      });
      const { upstream } = proxy;
      const config = { baseUrl: upstream.url, authorizationUrl: `${upstream.url}/authorize`, tokenUrl: `${upstream.url}/token`, revocationUrl: url };
      await proxy.pool.query('UPDATE integration SET config = $2 WHERE unique_key = $1', [providerConfigKey, config]);
      return revoked(ask('revocations', { providerConfigKey, connectionId }));
    },
    'the address of an MCP server': (url) => discover(url),
    "the metadata that an MCP server's refusal names": (url) => {
      describeServer({ named: forHeader(url) });
      // What is refused is looked for at the well-known addresses instead.
      for (const name of ['oauth-protected-resource/mcp', 'oauth-authorization-server']) proxy.upstream.answers(`/.well-known/${name}`, json(404, {}));
      return discover();
    },
    'the authorization server that an MCP server names': (url) => (describeServer({ issuers: [url] }), discover()),
    'the registration endpoint that an authorization server names': (url) => (describeServer({ registration: url }), discover()),
    'the token endpoint that an authorization server names, with a code': async (url) => {
      const { providerConfigKey } = await mcp({ type: 'NONE' });
      const named = { ...grant, codeVerifier: 'v', server: server({ token_endpoint: url }) };
      return succeeded(ask('authorizations', { providerConfigKey, connectionConfig: { mcp_server_url: `${proxy.upstream.url}/mcp` }, grant: named }));
    },
    'the token endpoint that an authorization server names, with a refresh token': async (url) =>
      (await proxy.call(await mcp(tokens({ token_endpoint: url })), '/x')).ok,
    'the revocation endpoint that an authorization server names': async (url) => {
      const { connectionId, providerConfigKey } = await mcp(tokens({ revocation_endpoint: url }));
      return revoked(ask('revocations', { providerConfigKey, connectionId }));
    },
  };

  it.each(Object.entries(urls))('any of the 64 targets: %s', { timeout: 60_000 }, async (_, way) => {
    const reached: unknown[] = [];
    const strange = await stand.strangeConnections(async () => {
      for (const { number, url } of stand.targets) if (await way(url)) reached.push({ number, url });
    });
    expect([reached, strange, stand.sinkConnections]).toEqual([[], [], 0]);
  });

  it('and each of them works where it leads outside', async () => {
    describeServer({ named: `${proxy.upstream.url}/.well-known/oauth-protected-resource/mcp` });
    proxy.upstream.answers('/token', json(200, { access_token: 'new', refresh_token: 'next', expires_in: 3600 }));
    proxy.upstream.answers('/oauth/token', json(200, { access_token: 'new', refresh_token: 'next', expires_in: 3600 }));
    proxy.upstream.answers('/revoke', json(200, {}));
    const { url } = proxy.upstream;
    const right: Record<string, string> = {
      'the token URL, with a code': url,
      'the token URL, with a refresh token': url,
      'the revocation URL': `${url}/revoke`,
      'the address of an MCP server': `${url}/mcp`,
      'the token endpoint that an authorization server names, with a code': `${url}/token`,
      'the token endpoint that an authorization server names, with a refresh token': `${url}/token`,
      'the revocation endpoint that an authorization server names': `${url}/revoke`,
    };
    for (const [name, address] of Object.entries(right)) expect([name, await urls[name]?.(address)]).toEqual([name, true]);
  });
});
