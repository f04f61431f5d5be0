import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aProvider } from './test/context.js';
import { endOf, readTokens, type Refusal } from './token-response.js';

const at = new Date('2026-01-01T00:00:00Z');
const inHours = (hours: number): string => new Date(at.getTime() + hours * 3_600_000).toISOString();
const read = (body: unknown, { status = 200, provider = {}, secrets = [] as string[] } = {}) => readTokens(aProvider(provider), { status, body }, at, secrets);
const endIn = (fields: object, provider = {}): string | undefined => {
  const tokens = read({ access_token: 'a', ...fields }, { provider });
  return tokens.kind === 'tokens' ? tokens.expiresAt?.toISOString() : 'no tokens';
};

describe('tokens of an answer', () => {
  it.each([
    ['at the top', { access_token: 'a', refresh_token: 'r' }, {}],
    ['one level down', { data: { access_token: 'a', refresh_token: 'r' } }, {}],
    ['in a list', [{ access_token: 'a', refresh_token: 'r' }], {}],
    ['at the entry’s path', { ok: true, user: { t: { key: 'a', refresh_token: 'r' } } }, { alternate_access_token_response_path: 'user.t.key' }],
    ['in camel case', { accessToken: 'a', refreshToken: 'r' }, {}],
  ])('stand %s', (_, body, provider) => {
    expect(read(body, { provider })).toMatchObject({ kind: 'tokens', accessToken: 'a', refreshToken: 'r' });
  });

  const ends: [fields: object, end: string | undefined][] = [
    [{ expires_in: 3600 }, inHours(1)],
    [{ expires_in: '3600' }, inHours(1)],
    [{ expires_in: 0, expires_at: inHours(2) }, inHours(2)],
    [{ expires_at: at.getTime() / 1000 + 3600 }, inHours(1)],
    [{ expires_at: at.getTime() + 3_600_000 }, inHours(1)],
    [{ expires_at: String(at.getTime() + 3_600_000) }, inHours(1)],
    [{}, undefined],
    [{ expires_in: 0 }, undefined],
    [{ expires_in: -5 }, undefined],
    [{ expires_in: '' }, undefined],
    [{ expires_in: null, expires_at: 'never' }, undefined],
    [{ expires_in: 1e300 }, undefined],
    [{ expires_in: 'soon' }, undefined],
    [{ expires_at: 5 }, undefined],
    [{ expires_in: {} }, undefined],
  ];
  it.each(ends)('end as %j says', (fields, end) => {
    expect(endIn(fields)).toBe(end);
  });

  it('end after milliseconds where the entry counts in them', () => {
    expect(endIn({ expires_in: 3_600_000 }, { expires_in_unit: 'milliseconds' })).toBe(inHours(1));
  });

  it('end after the entry’s lifetime, else the default, where the answer says nothing', () => {
    expect(endOf(aProvider({ token_expires_in_ms: 3_600_000 }), {}, at, 1)?.toISOString()).toBe(inHours(1));
    expect(endOf(aProvider(), {}, at, 7_200_000)?.toISOString()).toBe(inHours(2));
    expect(endOf(aProvider(), {}, at)).toBeUndefined();
  });

  it('have their scopes apart, whatever stands between them', () => {
    for (const scope of ['a b', 'a,b', 'a, b', ['a', 'b']]) expect(read({ access_token: 't', scope })).toMatchObject({ grantedScopes: ['a', 'b'] });
    expect(read({ access_token: 't', scope: '' })).toMatchObject({ grantedScopes: undefined });
  });

  it('bring along what the entry wants kept', () => {
    const provider = { token_response_metadata: ['team.id', 'count', 'absent', 'team'] };
    expect(read({ access_token: 't', team: { id: 'T\u00001' }, count: 3 }, { provider })).toMatchObject({ connectionConfig: { 'team.id': 'T 1', count: '3' } });
  });
});

describe('an answer without tokens', () => {
  it('is a rejection only where the grant is spent', () => {
    expect(read({ error: 'invalid_grant', error_description: 'revoked' }, { status: 400 })).toEqual({
      kind: 'rejected',
      reason: 'invalid_grant: revoked',
      status: 400,
    });
    expect(read({ ok: false, error: 'invalid_refresh_token' })).toMatchObject({ kind: 'rejected' });
    expect(read({ errors: [{ code: 'invalid_grant', message: 'gone' }] })).toMatchObject({ kind: 'rejected', reason: 'invalid_grant: gone' });
    expect(read({ error: 'invalid_client' }, { status: 401 })).toMatchObject({ kind: 'failed', reason: 'invalid_client' });
  });

  it.each([
    [{ ok: false, access_token: 'a' }, 200],
    [{ error: 'x', access_token: 'a' }, 200],
    [{ error: { message: 'no' } }, 200],
    ['<html>', 500],
    [null, 204],
    [[], 200],
    [{ access_token: '' }, 200],
    [{ access_token: 5 }, 200],
    [{ access_token: 'a' }, 500],
  ])('is a failure for %j with status %i', (body, status) => {
    expect(read(body, { status })).toMatchObject({ kind: 'failed', status });
  });

  it('is told in the provider’s words, short, as text, without a secret of the request', () => {
    const secrets = ['s3cr3t&', 's3', 'r+t'];
    const answer = read({ error: 'bad', error_description: `got s3cr3t& and s3cr3t%26 and r%2Bt\u0000\n${'x'.repeat(1000)}` }, { status: 400, secrets });
    expect(answer).toMatchObject({ kind: 'failed' });
    const reason = answer.kind === 'tokens' ? '' : answer.reason;
    expect(reason).toMatch(/^bad: got \[redacted\] and \[redacted\] and \[redacted\] x+$/);
    expect(reason.length).toBeLessThanOrEqual(300);
  });

  it('holds no secret whatever the secret is', () => {
    const secret = fc.string({ minLength: 4, maxLength: 30 });
    fc.assert(
      fc.property(secret, fc.string(), (value, words) => {
        const { reason } = read({ error: `${words}${value}` }, { status: 400, secrets: [value] }) as Refusal; // there is no token in it
        // What stands beside a secret may spell it again, and so may what it is replaced with.
        expect(reason.includes(value) && !'[redacted]'.includes(value) && !words.includes(value)).toBe(false);
      }),
    );
  });

  it('is read without an error, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 100, max: 599 }), (body, status) => {
        expect(read(body, { status }).kind).toMatch(/^(tokens|rejected|failed)$/);
      }),
    );
  });
});
