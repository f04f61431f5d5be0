import { Credentials } from 'model';
import { describe, expect, it } from 'vitest';
import { canRenew, renewalGrant } from './renewal.js';

const of = (credentials: object): Credentials => Credentials.parse(credentials);

describe('a credential that can be renewed', () => {
  it.each([
    [{ type: 'OAUTH2', access_token: 'a', refresh_token: 'r' }, {}, 'refresh_token'],
    [{ type: 'OAUTH2_CC', token: 't', client_id: 'c', client_secret: 's' }, {}, 'login'],
    [{ type: 'JWT', token: 't', private_key: 'k' }, {}, 'login'],
    [{ type: 'TWO_STEP', token: 't', username: 'u' }, {}, 'login'],
    [{ type: 'SIGNATURE', username: 'u', password: 'p' }, {}, 'login'],
    [{ type: 'APP_STORE', access_token: 'a', private_key: 'k', private_key_id: 'i', issuer_id: 'i' }, {}, 'login'],
    [{ type: 'AWS_SIGV4', role_arn: 'r', access_key_id: 'a', secret_access_key: 's' }, {}, 'login'],
    [{ type: 'APP', access_token: 'a' }, { installation_id: 7 }, 'installation'],
    [{ type: 'CUSTOM', user: { type: 'OAUTH2', access_token: 'a', refresh_token: 'r' } }, {}, 'installation'],
  ])('is %j', (credentials, config, kind) => {
    expect(renewalGrant(of(credentials), config)?.kind).toBe(kind);
    expect(canRenew(of(credentials), config)).toBe(true);
  });

  it.each([
    { type: 'OAUTH2', access_token: 'a' },
    { type: 'API_KEY', apiKey: 'k' },
    { type: 'NONE' },
    { type: 'OAUTH1', oauth_token: 't', oauth_token_secret: 's' },
    { type: 'JWT', token: 't' },
    { type: 'TWO_STEP', token: 't' },
    { type: 'APP', access_token: 'a' },
    { type: 'APP_STORE', access_token: 'a', private_key: 'k' },
    { type: 'AWS_SIGV4', access_key_id: 'a', secret_access_key: 's' },
  ])('is not %j', (credentials) => {
    expect(canRenew(of(credentials))).toBe(false);
  });

  it('brings its fields along', () => {
    expect(renewalGrant(of({ type: 'TWO_STEP', token: 't', username: 'u' }))).toMatchObject({ type: 'TWO_STEP', fields: { username: 'u' } });
  });
});
