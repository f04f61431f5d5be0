import { describe, expect, it } from 'vitest';
import { readTokenAnswer } from './token-answer.js';

const at = new Date('2026-01-01T00:00:00Z');
const read = (body: unknown, status = 200): unknown => readTokenAnswer({ status, body }, at);

describe('an answer of a token endpoint', () => {
  it('gives tokens, with the whole answer kept', () => {
    const body = { access_token: 'a', refresh_token: 'r', expires_in: 3600, scope: 'x' };
    expect(read(body)).toEqual({ kind: 'tokens', tokens: { access_token: 'a', refresh_token: 'r', expires_at: new Date('2026-01-01T01:00:00Z'), raw: body } });
  });

  it.each([
    [{ expires_in: '60' }, '2026-01-01T00:01:00.000Z'],
    [{ expires_at: 1_767_229_200 }, '2026-01-01T01:00:00.000Z'],
    [{ expires_at: 1_767_229_200_000 }, '2026-01-01T01:00:00.000Z'],
    [{ expires_at: '2026-01-01T01:00:00Z' }, '2026-01-01T01:00:00.000Z'],
    [{}, undefined],
    [{ expires_in: null, expires_at: 'never' }, undefined],
    [{ expires_in: '' }, undefined],
  ])('reads the end of %j', (fields, end) => {
    const answer = readTokenAnswer({ status: 200, body: { access_token: 'a', ...fields } }, at);
    expect(answer.kind === 'tokens' && answer.tokens.expires_at?.toISOString()).toBe(end);
  });

  it('is a rejection only for invalid_grant', () => {
    expect(read({ error: 'invalid_grant', error_description: 'revoked' }, 400)).toEqual({ kind: 'rejected', reason: 'invalid_grant: revoked', status: 400 });
    expect(read({ error: 'invalid_grant' })).toMatchObject({ kind: 'rejected' });
    expect(read({ error: 'invalid_client' }, 401)).toMatchObject({ kind: 'failed', reason: 'invalid_client' });
  });

  it.each([
    ['<html>', 500],
    [{}, 200],
    [null, 204],
    [[], 200],
    [{ access_token: '' }, 200],
    [{ access_token: 'a' }, 500],
  ])('is a failure for %j with status %i', (body, status) => {
    expect(read(body, status)).toMatchObject({ kind: 'failed', status });
  });
});
