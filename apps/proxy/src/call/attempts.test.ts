import { EgressGuard, exchange, parseHostList, type RetryRules } from 'egress';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { json, Upstream } from '../test/upstream.js';
import { sendWithRetries } from './attempts.js';
import type { Patience } from './parked-call.js';

describe('a call that is tried again', () => {
  let upstream: Upstream;
  let guard: EgressGuard;
  let renewals: string[];
  beforeAll(async () => {
    upstream = await Upstream.start();
    guard = new EgressGuard({ allow: parseHostList('127.0.0.1', 'test') });
  });
  beforeEach(() => {
    renewals = [];
    upstream.seen.length = 0;
  });
  afterAll(async () => {
    await guard.close();
    await upstream.stop();
  });

  /** Sends with a credential that `renew` makes newer as long as there are newer ones. */
  async function send(
    rules: RetryRules,
    { credentials = ['old'], patience = { retriesUsed: 0, parksAfterMs: null } }: { credentials?: string[]; patience?: Patience } = {},
  ) {
    const signal = new AbortController().signal;
    let version = 0;
    const answer = await sendWithRetries({
      rules,
      patience,
      signal,
      send: () =>
        exchange(guard.dispatcher, {
          url: new URL('/x', upstream.url),
          method: 'POST',
          headers: { authorization: credentials[version] ?? '' },
          body: Buffer.from('b'),
          signal,
        }),
      refusal: {
        inspect: (answer) => ({ isRefused: answer.status === 401, answer }),
        renew: () => {
          renewals.push(credentials[version] ?? '');
          return Promise.resolve(++version < credentials.length || (version--, false));
        },
      },
    });
    return { status: answer.status, body: String(await answer.bytes(1_000)), tries: upstream.seen.map(({ headers }) => headers.authorization) };
  }

  it('waits as long as the body asks, also where that is compressed', async () => {
    const in_body = { strategy: 'after', path: 'error.message', value: 'in ([0-9.]+)s' } as const;
    upstream.answers(
      '/x',
      json(429, { error: { message: 'try again in 0.2s' } }),
      (_, response) => void response.writeHead(429, { 'content-encoding': 'gzip' }).end(gzipSync('{"error":{"message":"in 0.1s"}}')),
      json(200, {}),
    );
    const startedAt = Date.now();
    expect((await send({ retries: 5, provider: { in_body } })).status).toBe(200);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(295);
    expect(Date.now() - startedAt).toBeLessThan(2_500);
  });

  it('does so after the statuses that the provider lists, and no others', async () => {
    const provider = { error_code: [420], after: 'x-wait' };
    upstream.answers('/x', json(420, {}, { 'x-wait': '0' }), json(500, { n: 2 }));
    expect(await send({ retries: 5, provider })).toMatchObject({ status: 500, body: '{"n":2}', tries: ['old', 'old'] });
  });

  it('does so with nothing remaining, whatever the status of the error', async () => {
    upstream.answers('/x', json(403, {}, { 'x-left': '0', 'x-wait': '0' }), json(403, {}, { 'x-left': '1' }));
    expect((await send({ retries: 5, provider: { remaining: 'X-Left', after: ['x-none', 'x-wait'] } })).tries).toHaveLength(2);
  });

  it('answers the last refusal, untouched, when its tries are used up', async () => {
    upstream.answers('/x', json(503, { n: 1 }, { 'retry-after': '0' }), json(503, { n: 2 }, { 'retry-after': '0' }));
    const in_body = { strategy: 'after', path: 'n', value: '(nothing)' } as const;
    expect(await send({ retries: 1, provider: { in_body } })).toMatchObject({ status: 503, body: '{"n":2}', tries: ['old', 'old'] });
  });

  it('goes with a renewed credential at once after it was refused, also without leave for further tries', async () => {
    upstream.answers('/x', json(401, { n: 1 }), json(200, {}));
    expect(await send({ retries: 0 }, { credentials: ['old', 'new'] })).toMatchObject({ status: 200, tries: ['old', 'new'] });
    expect(renewals).toEqual(['old']);
  });

  it('is refused once more with the renewed credential, and that is the answer', async () => {
    upstream.answers('/x', json(401, { n: 1 }), json(401, { n: 2 }));
    const startedAt = Date.now();
    expect(await send({ retries: 10 }, { credentials: ['old', 'new', 'newest'] })).toMatchObject({ status: 401, body: '{"n":2}', tries: ['old', 'new'] });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });

  it('does not wait for a credential that nothing can renew', async () => {
    upstream.answers('/x', json(401, { n: 1 }));
    const startedAt = Date.now();
    expect(await send({ retries: 10 })).toMatchObject({ status: 401, body: '{"n":1}', tries: ['old'] });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });

  it('uses no try for the renewal', async () => {
    const retryHeader = { after: 'x-wait' };
    upstream.answers('/x', json(500, {}, { 'x-wait': '0' }), json(401, {}), json(500, { n: 3 }, { 'x-wait': '0' }), json(200, {}));
    expect(await send({ retries: 2, retryHeader }, { credentials: ['old', 'new'] })).toMatchObject({ status: 200, tries: ['old', 'old', 'new', 'new'] });
  });

  it('is tried again after a refusal where the call itself asks for that', async () => {
    upstream.answers('/x', json(401, {}, { 'x-wait': '0' }), json(200, {}));
    expect(await send({ retries: 1, retryOn: [401], retryHeader: { after: 'x-wait' } })).toMatchObject({ status: 200, tries: ['old', 'old'] });
  });

  it('is parked instead of waiting long, and goes on with the tries that it has left', async () => {
    upstream.answers('/x', json(429, {}, { 'x-reset': String(Math.ceil(Date.now() / 1000) + 3600) }));
    const rules: RetryRules = { retries: 2, retryHeader: { at: ['X-Reset', 'x-other'] } };
    await expect(send(rules, { patience: { retriesUsed: 0, parksAfterMs: 20_000 } })).rejects.toMatchObject({ name: 'ParkedCall', retriesUsed: 1 });
    await expect(send(rules, { patience: { retriesUsed: 1, parksAfterMs: 20_000 } })).rejects.toMatchObject({ retriesUsed: 2 });
    expect((await send(rules, { patience: { retriesUsed: 2, parksAfterMs: 20_000 } })).status).toBe(429);
  });
});
