import { describe, expect, it } from 'vitest';
import { findProvider } from './catalogue.js';
import { integrationProvider } from './integration-provider.js';
import type { Provider } from './provider.js';

function entry(name: string, config: Record<string, string>): Provider {
  const provider = findProvider(name);
  if (!provider) throw new Error(`${name} is no entry`);
  return integrationProvider(provider, config);
}

const urls = { baseUrl: 'https://api.own.example', authorizationUrl: 'https://login.own.example/authorize', tokenUrl: 'https://login.own.example/token' };

describe('an API that is not listed', () => {
  it('needs no more than its addresses: the token is then sent as a bearer token', () => {
    const provider = entry('private-api-oauth2', urls);
    expect(provider).toMatchObject({
      authorization_url: urls.authorizationUrl,
      token_url: urls.tokenUrl,
      token_request_auth_method: 'body',
      disable_pkce: false,
    });
    expect(provider.proxy).toMatchObject({ base_url: urls.baseUrl, headers: {}, query: {} });
    for (const key of ['refresh_url', 'revocation_url', 'issuer', 'scope_separator', 'token_expires_in_ms']) expect(provider).not.toHaveProperty(key);
    expect(provider.proxy?.verification).toBeUndefined();
    expect(provider.authorization_params).toEqual({ response_type: 'code' });
  });

  it('may have all of it its own way', () => {
    const placement = { headerName: 'x-token', headerValue: 'Token ${accessToken}', queryParameter: 'key' };
    const provider = entry('private-api-oauth2', {
      ...urls,
      ...placement,
      verificationEndpoint: '/me',
      tokenLifetimeMs: '5000',
      withoutPkce: 'true',
      audience: 'a',
    });
    expect(provider.proxy).toMatchObject({
      headers: { 'x-token': 'Token ${accessToken}' },
      query: { key: '${accessToken}' },
      verification: { endpoints: ['/me'] },
    });
    expect(provider).toMatchObject({ token_expires_in_ms: 5000, disable_pkce: true, token_params: { audience: 'a' } });
  });

  it('may take client credentials or a token that is signed here', () => {
    const cc = entry('private-api-oauth2-cc', { baseUrl: urls.baseUrl, tokenUrl: urls.tokenUrl, scope: 'read write', clientAuthentication: 'basic' });
    expect(cc).toMatchObject({ token_params: { scope: 'read write' }, token_request_auth_method: 'basic' });
    const jwt = entry('private-api-jwt', { baseUrl: urls.baseUrl, keyKind: 'HMAC', secretEncoding: 'hex', tokenLifetimeMs: '300000' });
    expect(jwt).toMatchObject({ signature: { protocol: 'HMAC', hmac_secret_encoding: 'hex' }, token: { expires_in_ms: 300_000 } });
    expect(jwt.token?.payload).not.toHaveProperty('aud');
  });
});
