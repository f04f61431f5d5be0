import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EgressGuard } from './guard.js';
import { parseHostList } from './host-list.js';
import { sendGuarded } from './redirect.js';
import { Upstream } from './test/upstream.js';

const secrets = { authorization: 'Bearer s', 'x-api-key': 's', cookie: 's=1', accept: 'text/plain' };

describe('a redirect', () => {
  let first: Upstream;
  let second: Upstream;
  let guard: EgressGuard;
  let location: string;
  let status: number;
  beforeAll(async () => {
    first = await Upstream.start(({ url = '' }, response) => {
      const hops = /^\/hops\/(\d+)/.exec(url)?.[1];
      if (hops !== undefined && hops !== '0') return response.writeHead(302, { location: `/hops/${Number(hops) - 1}` }).end();
      return url === '/from' ? response.writeHead(status, { location }).end('moved') : response.end('here');
    });
    second = await Upstream.start((_, response) => response.end('there'));
    guard = new EgressGuard({ allow: parseHostList(`127.0.0.1:${first.port},127.0.0.1:${second.port}`, 'test') });
  });
  afterAll(async () => {
    await guard.close();
    await first.stop();
    await second.stop();
  });

  const send = (path: string, method = 'GET', body: Buffer | Readable | null = null) =>
    sendGuarded(guard, { url: new URL(path, first.url), method, headers: { ...secrets, ...(body ? { 'content-type': 'text/plain' } : {}) }, body });

  it('within the origin keeps the credentials', async () => {
    [status, location] = [302, '/to'];
    expect(String(await (await send('/from')).bytes(100))).toBe('here');
    expect(first.seen.at(-1)).toMatchObject({ url: '/to', headers: secrets });
  });

  it.each([301, 302, 303, 307, 308])('%i to another port leaves every credential behind', async (code) => {
    [status, location] = [code, `${second.url}/to`];
    expect(String(await (await send('/from')).bytes(100))).toBe('there');
    const headers = second.seen.at(-1)?.headers ?? {};
    expect(headers).toMatchObject({ accept: 'text/plain', host: `127.0.0.1:${second.port}` });
    expect(Object.keys(headers).filter((name) => name in secrets)).toEqual(['accept']);
  });

  it('to another origin takes along what was named as no credential', async () => {
    [status, location] = [307, `${second.url}/to`];
    const headers = { ...secrets, 'webhook-signature': 'v1,x' };
    await sendGuarded(guard, { url: new URL('/from', first.url), method: 'POST', headers, body: Buffer.from('{}'), travellingHeaders: ['webhook-signature'] });
    expect(second.seen.at(-1)).toMatchObject({ body: '{}', headers: { 'webhook-signature': 'v1,x' } });
    expect(second.seen.at(-1)?.headers['x-api-key']).toBeUndefined();
  });

  it('to another origin takes everything along where that was asked', async () => {
    [status, location] = [307, `${second.url}/to`];
    await sendGuarded(guard, { url: new URL('/from', first.url), method: 'GET', headers: secrets, body: null, credentialsTravel: true });
    expect(second.seen.at(-1)?.headers).toMatchObject({ ...secrets, host: `127.0.0.1:${second.port}` });
  });

  it.each(['http://169.254.169.254/', 'http://127.0.0.1:7233/', 'http://localhost/', 'file:///etc/passwd'])('to %s is refused', async (target) => {
    [status, location] = [307, target];
    await expect(send('/from')).rejects.toMatchObject({ code: 'url_not_allowed' });
  });

  it('turns a POST into a GET on 302, and sends it again on 307', async () => {
    [status, location] = [302, '/to'];
    await send('/from', 'POST', Buffer.from('text'));
    expect(first.seen.at(-1)).toMatchObject({ method: 'GET', url: '/to', body: '' });
    expect(first.seen.at(-1)?.headers['content-type']).toBeUndefined();
    [status, location] = [307, '/to'];
    await send('/from', 'POST', Buffer.from('text'));
    expect(first.seen.at(-1)).toMatchObject({ method: 'POST', url: '/to', body: 'text' });
  });

  it.each([301, 302])('%i keeps a POST that is nothing without its body', async (code) => {
    [status, location] = [code, '/to'];
    const headers = { 'content-type': 'text/plain' };
    await sendGuarded(guard, { url: new URL('/from', first.url), method: 'POST', headers, body: Buffer.from('text'), keepsMethod: true });
    expect(first.seen.at(-1)).toMatchObject({ method: 'POST', url: '/to', body: 'text', headers });
  });

  it('that asks for a streamed body again is answered as it is', async () => {
    [status, location] = [307, '/to'];
    expect((await send('/from', 'POST', Readable.from(['text']))).status).toBe(307);
  });

  it('is followed five times and no further', async () => {
    expect((await send('/hops/5')).status).toBe(200);
    await expect(send('/hops/6')).rejects.toMatchObject({ code: 'upstream_unreachable' });
  });
});
