import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutgoingRequest } from './exchange.js';
import { EgressGuard } from './guard.js';
import { parseHostList } from './host-list.js';
import { sendGuarded } from './redirect.js';
import { SecureUpstream } from './test/secure-upstream.js';
import { readSlowly } from './test/slow-reader.js';

const megabyte = Buffer.alloc(1024 * 1024, 'x');

describe('an API that offers HTTP/2', () => {
  let upstream: SecureUpstream;
  let guard: EgressGuard;
  let held = 0;
  let written = 0;
  let release: () => void;
  let closed: Promise<unknown>;
  beforeAll(async () => {
    const gate = new Promise<void>((resolve) => (release = resolve));
    upstream = await SecureUpstream.start(async (request, response) => {
      const path = request.url.split('?')[0];
      if (path === '/large') {
        for (written = 0; written < 20; written++) if (!response.write(megabyte)) await new Promise((resolve) => response.once('drain', resolve));
        return void response.end('end');
      }
      if (path === '/together') {
        held += 1;
        await gate;
      }
      if (path === '/endless') {
        closed = new Promise((resolve) => response.stream.once('close', () => resolve(response.stream.rstCode)));
        return void response.writeHead(200).write('first');
      }
      if (path === '/silent') return;
      if (path === '/reset') return void response.stream.close(2);
      if (path === '/cut') return void response.writeHead(200).write('half', () => response.stream.close(2));
      if (path === '/goaway') return void (response.stream.session as { destroy(): void }).destroy();
      if (path === '/head') return void response.writeHead(204, { 'x-count': '7' }).end();
      if (path === '/away') return void response.writeHead(302, { location: '/moved' }).end();
      if (path === '/inside') return void response.writeHead(302, { location: 'https://127.0.0.1:1/' }).end();
      const hash = createHash('sha256');
      let size = 0;
      for await (const chunk of request) {
        hash.update(chunk as Buffer);
        size += (chunk as Buffer).length;
      }
      response
        .writeHead(201, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] })
        .end(JSON.stringify({ path: request.url, size, hash: hash.digest('hex') }));
    });
    guard = new EgressGuard({ allow: parseHostList('localhost', 'test') });
  });
  afterAll(async () => {
    release();
    await guard.close();
    await upstream.stop();
  });
  const send = (path: string, request: Partial<OutgoingRequest> = {}) =>
    sendGuarded(guard, { url: new URL(path, upstream.url), method: 'GET', headers: { authorization: 'Bearer t' }, body: null, ...request });
  const text = async (path: string, request?: Partial<OutgoingRequest>) => String(await (await send(path, request)).bytes(100_000));

  it('is spoken to in it, with what a request and an answer have in either', async () => {
    const answer = await send('/items?a=1&a=%2F', { method: 'POST', headers: { authorization: 'Bearer t', 'x-tenant': 't' }, body: Buffer.from('{}') });
    expect(upstream.seen.at(-1)).toMatchObject({
      version: '2.0',
      method: 'POST',
      path: '/items?a=1&a=%2F',
      headers: { authorization: 'Bearer t', 'x-tenant': 't' },
    });
    expect(answer).toMatchObject({ status: 201, headers: { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] } });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith(':'))).toEqual([]);
    expect(JSON.parse(String(await answer.bytes(1000)))).toMatchObject({ size: 2 });
  });

  it('serves many calls at once over a connection or two', async () => {
    const calls = Array.from({ length: 60 }, () => text('/together'));
    await expect.poll(() => held).toBe(60);
    expect(upstream.sessions.size).toBeLessThan(10);
    release();
    expect((await Promise.all(calls)).every((body) => body.includes('"size":0'))).toBe(true);
  });

  it.each(['HEAD', 'OPTIONS', 'DELETE', 'PATCH'])('takes a %s', async (method) => {
    const answer = await send('/head', { method });
    expect([answer.status, answer.headers['x-count'], (await answer.bytes(10)).length]).toEqual([204, '7', 0]);
    expect(upstream.seen.at(-1)).toMatchObject({ version: '2.0', method });
  });

  it('takes large bodies as they stream', async () => {
    const body = Readable.from(
      (function* () {
        for (let n = 0; n < 20; n++) yield megabyte;
      })(),
    );
    const answer = JSON.parse(await text('/upload', { method: 'PUT', body }));
    const whole = createHash('sha256');
    for (let n = 0; n < 20; n++) whole.update(megabyte);
    expect(answer).toMatchObject({ size: 20 * megabyte.length, hash: whole.digest('hex') });
  });

  it('streams to a slow reader without losing or hoarding', async () => {
    const answer = await send('/large');
    await wait(200);
    expect(written).toBeLessThan(5);
    expect(await readSlowly(answer)).toBe(20 * megabyte.length + 3);
  });

  it('sees that the caller went away, before the answer and within it', async () => {
    const caller = new AbortController();
    const answer = await send('/endless', { signal: caller.signal });
    caller.abort();
    await expect(answer.bytes(100)).rejects.toMatchObject({ name: 'AbortError' });
    await closed;
    const early = new AbortController();
    const call = send('/silent', { signal: early.signal });
    setTimeout(() => early.abort(), 50);
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(await text('/after')).toContain('/after');
  });

  it('that is silent is left after the time that the call allows, and the next call is served', async () => {
    await expect(send('/silent', { timeoutMs: 300 })).rejects.toMatchObject({ code: expect.stringMatching(/^UND_ERR_.*TIMEOUT$/) });
    const answer = await send('/endless', { timeoutMs: 300 });
    await expect(answer.bytes(100)).rejects.toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT' });
    expect(await text('/after')).toContain('/after');
  });

  it.each(['/reset', '/goaway'])('that breaks off before its answer (%s) is told as such, and sees the request once', async (path) => {
    await expect(send(path, { method: 'POST', body: Buffer.from('x') })).rejects.toMatchObject({ code: expect.any(String) });
    expect(upstream.seen.filter((seen) => seen.path === path)).toHaveLength(1);
    expect(await text('/after')).toContain('/after');
  });

  it('that breaks off within its answer fails the reader', async () => {
    await expect((await send('/cut')).bytes(1000)).rejects.toBeInstanceOf(Error);
  });

  it('has its redirects followed, and none that lead inside', async () => {
    expect(await text('/away')).toContain('/moved');
    await expect(send('/inside')).rejects.toMatchObject({ code: 'url_not_allowed' });
  });
});

describe('an API without HTTP/2', () => {
  it('is spoken to in HTTP/1.1 over TLS', async () => {
    const upstream = await SecureUpstream.start((_, response) => void response.end('one'), { http2: false });
    const guard = new EgressGuard({ allow: parseHostList('localhost', 'test') });
    const answer = await sendGuarded(guard, { url: new URL(upstream.url), method: 'GET', headers: {}, body: null });
    expect(String(await answer.bytes(10))).toBe('one');
    expect(upstream.seen.at(-1)?.version).toBe('1.1');
    await guard.close();
    await upstream.stop();
  });
});

describe('an address that was checked', () => {
  it('is the one that HTTP/2 goes to, and one inside gets no connection', async () => {
    const upstream = await SecureUpstream.start((_, response) => void response.end('pinned'));
    const { port } = new URL(upstream.url);
    const resolved: string[] = [];
    const resolve = (name: string) => (resolved.push(name), Promise.resolve([{ address: '127.0.0.1', family: 4 }]));
    const pinned = new EgressGuard({ allow: parseHostList('127.0.0.0/8', 'test'), resolve });
    const request = { url: new URL(`https://localhost:${port}/`), method: 'GET', headers: {}, body: null };
    for (let times = 0; times < 3; times++) expect(String(await (await sendGuarded(pinned, request)).bytes(10))).toBe('pinned');
    expect(upstream.seen).toMatchObject(Array.from({ length: 3 }, () => ({ version: '2.0', remote: '127.0.0.1' })));
    expect(resolved).toEqual(['localhost']);
    const closed = new EgressGuard({ resolve });
    await expect(sendGuarded(closed, { ...request, url: new URL(`https://api.example:${port}/`) })).rejects.toMatchObject({ code: 'url_not_allowed' });
    expect(upstream.seen).toHaveLength(3);
    await Promise.all([pinned.close(), closed.close(), upstream.stop()]);
  });
});
