import type { AuthMode } from 'model';
import { findProvider } from 'providers';
import { describe, expect, it } from 'vitest';
import { grantFrom, trimmed } from './credential-input.js';

const made = (mode: AuthMode, provider: string, fields: Record<string, unknown>) => grantFrom(mode, findProvider(provider)!, trimmed(fields)); // entries of the catalogue
const key = (apiKey: unknown) => made('API_KEY', 'private-api-bearer', { apiKey });
const basic = (username: unknown, password: unknown, provider = 'private-api-basic') => made('BASIC', provider, { username, password });

describe('a pasted credential', () => {
  it.each(['k\n', '\ufeffk', '  k\t', '\u200bk\u00a0', '\r\nk'])('loses what copying added to it: %j', (pasted) => {
    expect(key(pasted)).toEqual({ kind: 'whole', credentials: { type: 'API_KEY', apiKey: 'k' } });
  });

  it('keeps a password’s own spaces, not the line break behind it', () => {
    expect(basic('ada', ' pass word \n')).toEqual({ kind: 'whole', credentials: { type: 'BASIC', username: 'ada', password: ' pass word ' } });
  });

  it.each([
    ['an empty key', () => key('  '), 'missing_api_key'],
    ['no key', () => key(undefined), 'missing_api_key'],
    ['a key with a line break inside', () => key('a\nb'), 'invalid_credential_format'],
    ['a key that no header can carry', () => key('ключ'), 'invalid_credential_format'],
    ['a key that is no text', () => key({ a: 1 }), 'invalid_credential_format'],
    ['a key of a megabyte', () => key('k'.repeat(1_000_000)), 'invalid_credential_format'],
    ['a user name with a colon', () => basic('a:b', 'c'), 'invalid_credential_format'],
    ['neither a user name nor a password', () => basic('', ''), 'invalid_credential_format'],
    ['a password with a line break inside', () => basic('a', 'b\nc'), 'invalid_credential_format'],
    ['a user name of another form than the entry says', () => basic('ada', 'secret', 'twilio'), 'invalid_credential_format'],
    ['two empty fields where the entry knows their form', () => basic('', '', 'twilio'), 'invalid_credential_format'],
  ])('is refused with %s', (_what, make, code) => {
    expect(make).toThrow(expect.objectContaining({ code }));
  });

  it('may be a user name alone or a password alone', () => {
    expect(basic('key', '')).toMatchObject({ credentials: { username: 'key', password: '' } });
    expect(basic('', 'key')).toMatchObject({ credentials: { username: '', password: 'key' } });
  });

  it('that needs a token is asked for with all its fields', () => {
    const grant = grantFrom('OAUTH2_CC', findProvider('github')!, { client_id: 'a', client_secret: 'b' }); // an entry of the catalogue
    expect(grant).toEqual({ kind: 'login', fields: { client_id: 'a', client_secret: 'b' } });
  });
});
