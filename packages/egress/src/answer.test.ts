import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from './answer.js';
import { exchange } from './exchange.js';
import { EgressGuard } from './guard.js';
import { parseHostList } from './host-list.js';
import { Upstream } from './test/upstream.js';
import { readSlowly } from './test/slow-reader.js';

const megabyte = 'x'.repeat(1024 * 1024);

describe('an answer', () => {
  let upstream: Upstream;
  let guard: EgressGuard;
  let closed: Promise<void>;
  beforeAll(async () => {
    upstream = await Upstream.start(({ url }, response) => {
      if (url === '/large') for (let n = 0; n < 20; n++) response.write(megabyte);
      if (url === '/cut') return void response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
      if (url === '/trickle') {
        const drip = setInterval(() => response.write('x'), 20);
        closed = new Promise((resolve) => response.once('close', () => (clearInterval(drip), resolve())));
        return;
      }
      if (url === '/endless') {
        closed = new Promise((resolve) => response.once('close', resolve));
        return void response.write('first');
      }
      return void response.end('end');
    });
    guard = new EgressGuard({ allow: parseHostList('127.0.0.1', 'test') });
  });
  afterAll(async () => {
    await guard.close();
    await upstream.stop();
  });
  const send = (path: string, signal?: AbortSignal) =>
    exchange(guard.dispatcher, { url: new URL(path, upstream.url), method: 'GET', headers: {}, body: null, signal });

  it('streams to a slow reader without losing or hoarding', async () => {
    const answer = await send('/large');
    expect(await readSlowly(answer)).toBe(20 * 1024 * 1024 + 3);
  });

  it('that waited for its reader arrives whole', async () => {
    const answer = await send('/');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const to = new PassThrough();
    void answer.pipe(to);
    expect(await text(to)).toBe('end');
  });

  it('that breaks off destroys its reader', async () => {
    const to = new PassThrough();
    to.on('error', () => undefined).resume();
    await expect((await send('/cut')).pipe(to)).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
    expect(to.destroyed).toBe(true);
  });

  it('above the limit is refused', async () => {
    await expect((await send('/large')).bytes(1000)).rejects.toMatchObject({ code: 'upstream_unreachable' });
  });

  it('ends upstream when its reader goes away, or the caller gives up', async () => {
    const to = new PassThrough();
    const piped = (await send('/endless')).pipe(to);
    to.destroy();
    await expect(piped).rejects.toMatchObject({ name: 'AbortError' });
    await closed;
    const caller = new AbortController();
    const answer = await send('/endless', caller.signal);
    caller.abort();
    await expect(answer.bytes(100)).rejects.toMatchObject({ name: 'AbortError' });
    await closed;
  });

  it('that nobody wants is read to its end where that is near, and cut off where it trickles', async () => {
    const outcome = (answer: Answer) => new Promise<Error | undefined>((resolve) => answer.whenOver(resolve));
    const [short, trickling] = [await send('/'), await send('/trickle')];
    const discardedAt = performance.now();
    for (const answer of [short, trickling]) answer.discard();
    expect(await outcome(short)).toBeUndefined();
    expect(await outcome(trickling)).toMatchObject({ name: 'AbortError' });
    expect(performance.now() - discardedAt).toBeGreaterThan(900);
    expect(performance.now() - discardedAt).toBeLessThan(3_000);
    await closed;
  });

  it('never comes for a caller who had gone before', async () => {
    await expect(send('/', AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
