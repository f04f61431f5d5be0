import { describe, expect, it } from 'vitest';
import { redactedText } from './redaction.js';

const secret = 'a secret+with "signs" & %';

describe('words of a provider', () => {
  it.each([
    ['as it is', secret],
    ['in an address', encodeURIComponent(secret)],
    ['in a form', new URLSearchParams({ '': secret }).toString().slice(1)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in Base64', Buffer.from(secret).toString('base64')],
    ['in a Basic header', `Basic ${Buffer.from(`client:${secret}`).toString('base64')}`],
    ['as a bearer token', 'Bearer some-token-that-is-no-secret-of-the-list'],
  ])('hold no secret that stands there %s', (_, spelling) => {
    expect(redactedText(`You sent ${spelling}, which is wrong`, [secret])).toMatch(/^You sent (Basic |Bearer )?\[redacted\], which is wrong$/);
  });

  it('keep what they say about a scheme', () => {
    expect(redactedText('Basic authentication failed; use Bearer tokens', [secret])).toBe('Basic authentication failed; use Bearer tokens');
  });
});
