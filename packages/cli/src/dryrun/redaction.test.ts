import { describe, expect, it } from 'vitest';
import { isSecretHeader, isSecretName, Redaction, withoutCredentials } from './redaction.js';

describe('names of secrets', () => {
  it.each(['access_token', 'accessToken', 'Authorization', 'x-auth', 'client_secret', 'apiKey', 'api_key', 'X-Api-Key', 'sessionid', 'devkey', 'password'])(
    '%s is one',
    (name) => {
      expect(isSecretName(name)).toBe(true);
    },
  );

  // Were they taken out, requests for different pages and things would be one.
  it.each(['author', 'pageToken', 'next_page_token', 'issue_key', 'tokens_used', 'session_start', 'key'])('%s is none', (name) => {
    expect(isSecretName(name)).toBe(false);
  });

  it('are more among headers', () => {
    expect(['ocp-apim-subscription-key', 'idempotency-key', 'accept'].map(isSecretHeader)).toEqual([true, false, false]);
  });
});

describe('the redaction of a dry run', () => {
  it('finds what it has learnt in texts, keys, URLs and base64', () => {
    const redaction = new Redaction();
    redaction.learn({ type: 'BASIC', username: 'ada lovelace', password: 'pass word', expires_at: '2026-01-01', scope: 'everything' });
    const basic = Buffer.from('ada lovelace:pass word').toString('base64');
    expect(redaction.clean({ 'of ada lovelace': [`Basic ${basic}`, 'a=pass%20word', 7, null], type: 'BASIC', at: '2026-01-01', scope: 'everything' })).toEqual({
      'of [redacted]': ['Basic [redacted]', 'a=[redacted]', 7, null],
      type: 'BASIC',
      at: '2026-01-01',
      scope: 'everything',
    });
  });

  it('takes only what looks like a key from what a provider answered beside the tokens', () => {
    const redaction = new Redaction();
    redaction.learn({
      type: 'OAUTH2',
      access_token: 'token-1',
      raw: { team: { name: 'Blue team', id: 'T012345' }, id_token: 'short1', url: 'https://acme.example/of/them', other: 'x'.repeat(16) },
    });
    expect(redaction.text(`token-1 Blue team T012345 short1 https://acme.example/of/them ${'x'.repeat(16)}`)).toBe(
      '[redacted] Blue team T012345 [redacted] https://acme.example/of/them [redacted]',
    );
  });

  it('leaves nothing of a secret that holds another one', () => {
    const redaction = new Redaction();
    redaction.learn(['secret', 'secret-and-more']);
    expect(redaction.text('secret-and-more')).toBe('[redacted]');
  });

  it('keeps the form of a connection', () => {
    const credentials = { type: 'OAUTH2', access_token: 'a', expires_at: '2026-01-01', raw: { scope: 'x', n: 1, none: null } };
    expect(withoutCredentials({ id: 1, credentials, connection_config: { subdomain: 'acme', app_secret: 's' } })).toEqual({
      id: 1,
      credentials: { type: 'OAUTH2', access_token: '[redacted]', expires_at: '2026-01-01', raw: { scope: 'x', n: '[redacted]', none: null } },
      connection_config: { subdomain: 'acme', app_secret: '[redacted]' },
    });
  });
});
