import { describe, expect, it } from 'vitest';
import type { AuthMode, GivenCredentials } from 'model';
import { findProvider } from 'providers';
import { importedGrant } from './imported-credential.js';

const now = new Date('2026-01-01T00:00:00Z');
const entries: Partial<Record<AuthMode, string>> = { API_KEY: 'private-api-bearer', BASIC: 'private-api-basic', OAUTH2: 'github', NONE: 'unauthenticated' };

/** The credential that an import keeps as it is. */
function credentialsFrom(mode: AuthMode, given: GivenCredentials & { config_override?: object }, at?: Date) {
  const grant = importedGrant(mode, findProvider(entries[mode] ?? 'github')!, given, at); // entries of the catalogue
  return grant.kind === 'whole' ? grant.credentials : grant;
}

describe('the credential made of an import', () => {
  it('takes a key under either of its names', () => {
    expect(credentialsFrom('API_KEY', { api_key: 'k' })).toEqual({ type: 'API_KEY', apiKey: 'k' });
    expect(credentialsFrom('API_KEY', { apiKey: 'k' })).toEqual({ type: 'API_KEY', apiKey: 'k' });
  });

  it('lets a password be empty, and a user name', () => {
    expect(credentialsFrom('BASIC', { username: 'u' })).toEqual({ type: 'BASIC', username: 'u', password: '' });
    expect(credentialsFrom('BASIC', { username: '', password: 'p' })).toEqual({ type: 'BASIC', username: '', password: 'p' });
  });

  it('counts expires_in from now', () => {
    expect(credentialsFrom('OAUTH2', { access_token: 'a', expires_in: 60 }, now)).toMatchObject({ expires_at: new Date('2026-01-01T00:01:00Z') });
  });

  it('has no expiry where the caller says so, whatever else was given', () => {
    expect(credentialsFrom('OAUTH2', { access_token: 'a', no_expiration: true, expires_in: 60 }, now)).toEqual({
      type: 'OAUTH2',
      access_token: 'a',
      raw: { access_token: 'a' },
    });
  });

  it('keeps an app of its own', () => {
    const given = { access_token: 'a', no_expiration: true, oauth_client_id_override: 'id', oauth_client_secret_override: 'secret' };
    expect(credentialsFrom('OAUTH2', given)).toMatchObject({ config_override: { client_id: 'id', client_secret: 'secret' } });
  });

  it.each([
    ['API_KEY', {}, 'missing_api_key'],
    ['API_KEY', { api_key: '' }, 'missing_api_key'],
    ['BASIC', { password: 'p' }, 'missing_basic_username'],
    ['OAUTH2', { no_expiration: true }, 'missing_access_token'],
    ['OAUTH2', { access_token: 'a' }, 'missing_expires_at'],
    ['OAUTH1', { access_token: 'a' }, 'missing_oauth_token'],
    ['TBA', { access_token: 'a' }, 'invalid_credential_format'],
    ['APP', {}, 'invalid_credential_format'],
    ['MCP_OAUTH2', { access_token: 'a' }, 'wrong_auth_mode'],
  ] as const)('for %s is refused with %j: %s', (mode, given, code) => {
    expect(() => credentialsFrom(mode, given)).toThrow(expect.objectContaining({ code }));
  });
});
