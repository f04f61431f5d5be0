import type { Credentials } from 'model';
import { describe, expect, it } from 'vitest';
import { revokeCredentials } from './revocation.js';
import { aContext, anEndpoint, formOf } from './test/context.js';

const tokens: Credentials = { type: 'OAUTH2', access_token: 'at', refresh_token: 'rt', raw: {} };
const revocation_url = 'https://as.example/revoke';

describe('a credential that is given back', () => {
  it('is revoked after RFC 7009: the refresh token, with the client', async () => {
    const endpoint = anEndpoint({});
    expect(await revokeCredentials(aContext({ revocation_url, body_format: 'json' }, endpoint.send), tokens)).toBe('revoked');
    expect(formOf(endpoint.seen[0])).toEqual({ token: 'rt', token_type_hint: 'refresh_token', client_id: 'client id', client_secret: 's&c:r' });
  });

  it('is revoked in the provider’s own way', async () => {
    const endpoint = anEndpoint({ status: 204 });
    const own = { revocation_url: 'https://api.example/tokens/${accessToken}', revocation_method: 'DELETE' as const };
    const headers = { revocation_headers: { Authorization: 'Basic ${base64(${clientId}:${clientSecret})}' } };
    expect(await revokeCredentials(aContext({ ...own, ...headers }, endpoint.send), tokens)).toBe('revoked');
    expect(endpoint.seen[0]).toMatchObject({
      url: 'https://api.example/tokens/at',
      method: 'DELETE',
      headers: { authorization: expect.stringMatching(/^Basic /) },
    });
    await revokeCredentials(aContext({ revocation_url, revocation_params: { token: '${accessToken}' } }, endpoint.send), tokens);
    expect(formOf(endpoint.seen[1])).toEqual({ token: 'at' });
  });

  it('has no token that could be revoked where the mode has none', async () => {
    const endpoint = anEndpoint({});
    const pair: Credentials = { type: 'TBA', token_id: 'i', token_secret: 's', config_override: {} };
    expect(await revokeCredentials(aContext({ revocation_url }, endpoint.send), pair)).toBe('unsupported');
    expect(endpoint.seen).toEqual([]);
  });

  it('is revoked at the server that issued it, for MCP', async () => {
    const endpoint = anEndpoint({});
    const server = {
      issuer: 'https://as.example',
      token_endpoint: 'https://as.example/t',
      revocation_endpoint: 'https://as.example/r',
      token_endpoint_auth_method: 'none' as const,
      resource: 'https://m.example',
    };
    const credentials: Credentials = { type: 'MCP_OAUTH2', access_token: 'at', raw: {}, server, config_override: { client_id: 'c' } };
    expect(await revokeCredentials(aContext({ auth_mode: 'MCP_OAUTH2' }, endpoint.send), credentials)).toBe('revoked');
    expect([endpoint.seen[0]?.url, formOf(endpoint.seen[0])]).toEqual([
      'https://as.example/r',
      { token: 'at', token_type_hint: 'access_token', client_id: 'c' },
    ]);
  });

  it('is not, where the provider has no way, refuses, does not answer, or cannot be addressed', async () => {
    expect(await revokeCredentials(aContext({}, anEndpoint({}).send), tokens)).toBe('unsupported');
    expect(await revokeCredentials(aContext({ revocation_url }, anEndpoint({ status: 400 }).send), tokens)).toBe('failed');
    expect(
      await revokeCredentials(
        aContext({ revocation_url }, () => Promise.reject(new Error('down'))),
        tokens,
      ),
    ).toBe('failed');
    expect(await revokeCredentials(aContext({ revocation_url: 'https://${connectionConfig.x}.example' }, anEndpoint({}).send), tokens)).toBe('failed');
  });
});
