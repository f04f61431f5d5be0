import { createHash } from 'node:crypto';
import type { Provider } from 'providers';
import { describe, expect, it } from 'vitest';
import { authorizationUrl, type AuthorizationUrlRequest, oauth1AuthorizationUrl, pkce } from './authorization-url.js';
import { aProvider } from './test/context.js';

function urlOf(provider: Partial<Provider> = {}, more: Partial<AuthorizationUrlRequest> = {}): string {
  const built = build(provider, more);
  return built.kind === 'known' ? built.url : JSON.stringify(built);
}

function build(provider: Partial<Provider> = {}, more: Partial<AuthorizationUrlRequest> = {}) {
  return authorizationUrl({
    provider: aProvider({ authorization_url: 'https://as.example/authorize', ...provider }),
    connectionConfig: {},
    client: { id: 'id', scopes: ['a', 'b'] },
    redirectUri: 'https://us.example/cb',
    state: 'st',
    codeChallenge: 'ch',
    ...more,
  });
}

const paramsOf = (url: string): Record<string, string> => Object.fromEntries(new URL(url).searchParams);

describe('the address of an authorisation page', () => {
  it('asks for a code, with state and an S256 challenge', () => {
    expect(paramsOf(urlOf())).toEqual({
      response_type: 'code',
      scope: 'a b',
      client_id: 'id',
      redirect_uri: 'https://us.example/cb',
      state: 'st',
      code_challenge: 'ch',
      code_challenge_method: 'S256',
    });
    expect(paramsOf(urlOf({ disable_pkce: true }))).not.toHaveProperty('code_challenge');
  });

  it('has the entry’s parameters, those of the request over them, and without those that it takes away', () => {
    const provider = { authorization_params: { prompt: 'consent', access_type: 'offline', owner: '${connectionConfig.owner}' } };
    const more = { authorizationParams: { prompt: 'none', access_type: 'undefined', extra: '1' }, connectionConfig: { owner: 'me' } };
    expect(paramsOf(urlOf(provider, more))).toMatchObject({ prompt: 'none', owner: 'me', extra: '1' });
    expect(paramsOf(urlOf(provider, more))).not.toHaveProperty('access_type');
  });

  it('keeps what protects the flow, whatever the request says', () => {
    const evil = { state: 'x', redirect_uri: 'https://evil.example', client_id: 'x', code_challenge: 'x', code_challenge_method: 'plain' };
    expect(urlOf({}, { authorizationParams: evil })).toBe(urlOf());
    expect(urlOf({}, { authorizationParams: { state: 'undefined' } })).toBe(urlOf());
    expect(urlOf({ disable_pkce: true }, { authorizationParams: evil })).toBe(urlOf({ disable_pkce: true }));
  });

  it('joins scopes as the provider reads them, of the app and of the person', () => {
    expect(paramsOf(urlOf({ scope_separator: ',' }, { userScopes: ['u', 'v'], resource: 'https://r.example' }))).toMatchObject({
      scope: 'a,b',
      user_scope: 'u,v',
      resource: 'https://r.example',
    });
  });

  it('is written in the provider’s own way', () => {
    expect(urlOf({ authorization_url_skip_encode: ['scope'] }, { client: { id: 'id', scopes: ['x:y', 'z/&state=evil'] } })).toContain(
      'scope=x:y%20z/%26state=evil&',
    );
    expect(urlOf({ authorization_url_skip_empty: true, authorization_params: { a: '' } })).not.toContain('a=&');
    expect(urlOf({ authorization_url_fragment: '/login' })).toMatch(/^https:\/\/as\.example\/authorize#\/login\?response_type=code/);
    expect(urlOf({ authorization_url_replacements: { 'as.example': 'eu.as.example' } })).toMatch(/^https:\/\/eu\.as\.example/);
    expect(urlOf({ authorization_url: 'https://as.example/a?x=1' })).toContain('a?x=1&response_type=code');
  });

  it('names the values that a connection lacks, of the token endpoint too, and refuses hosts that are none', () => {
    const missing = { kind: 'missing', names: ['connectionConfig.s'] };
    expect(build({ authorization_url: 'https://${connectionConfig.s}.example/a' })).toEqual(missing);
    expect(build({ token_url: 'https://${connectionConfig.s}.example/t' })).toEqual(missing);
    expect(build({ authorization_params: { x: '${connectionConfig.s}' } })).toEqual(missing);
    expect(build({ authorization_url: 'https://${connectionConfig.s}.example/a' }, { connectionConfig: { s: 'evil.example/' } }).kind).toBe('refused');
  });

  it('carries the request token in OAuth 1.0', () => {
    const provider = aProvider({ auth_mode: 'OAUTH1', authorization_url: 'https://as.example/authorize', authorization_params: { name: 'us' } });
    const built = oauth1AuthorizationUrl({ provider, connectionConfig: {}, authorizationParams: { oauth_token: 'evil', x: '1' }, requestToken: 'rt' });
    expect(built).toEqual({ kind: 'known', url: 'https://as.example/authorize?name=us&x=1&oauth_token=rt' });
  });
});

describe('PKCE', () => {
  it('is a verifier and its S256 challenge, new each time', async () => {
    const { codeVerifier, codeChallenge } = await pkce();
    expect(codeChallenge).toBe(createHash('sha256').update(codeVerifier).digest('base64url'));
    expect((await pkce()).codeVerifier).not.toBe(codeVerifier);
  });
});
