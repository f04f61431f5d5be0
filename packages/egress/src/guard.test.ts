import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from './exchange.js';
import { EgressGuard, type Resolver } from './guard.js';
import { parseHostList } from './host-list.js';
import { sendGuarded } from './redirect.js';
import { ssrfTargets } from './testing/index.js';
import { Upstream } from './test/upstream.js';

/** Of the 64 targets those that a URL shows by itself, and a few of our own. */
const literal = [
  ...ssrfTargets({ names: '', upstream: '', secure: '', own: '', port: 80 }).flatMap(({ number, url }) =>
    number <= 52 || (number > 60 && number < 64) ? [url] : [],
  ),
  'ftp://example.com/',
  'http://[fd00::1%25eth0]/',
  'https://127.0.0.1/',
  'http://postgres.internal/',
  'nonsense',
];

const answers: Record<string, string[]> = {
  'loopback.example': ['127.0.0.1'],
  'mixed.example': ['93.184.215.14', '10.0.0.1'],
  'mapped.example': ['::ffff:10.0.0.1'],
  'own.example': ['10.1.2.3'],
  'nobody.example': [],
  localhost: ['127.0.0.1'],
};
const resolve: Resolver = (name) => Promise.resolve((answers[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
const get = (url: string) => ({ url: new URL(url), method: 'GET', headers: {}, body: null });
const refused = { code: 'url_not_allowed', status: 400 };

/** Whether a guard with this list lets a call through. */
async function reaches(allow: string, url: string): Promise<boolean> {
  const allowing = new EgressGuard({ resolve, allow: parseHostList(allow, 'test') });
  const answer = await sendGuarded(allowing, get(url)).catch(() => undefined);
  await answer?.bytes(100);
  await allowing.close();
  return answer !== undefined;
}

describe('the guard', () => {
  let upstream: Upstream;
  let guard: EgressGuard;
  beforeAll(async () => {
    upstream = await Upstream.start((_, response) => response.end('reached'));
    guard = new EgressGuard({ resolve });
  });
  afterAll(async () => {
    await guard.close();
    await upstream.stop();
  });

  it.each(literal)('refuses %s', (url) => {
    expect(() => guard.check(url)).toThrow(expect.objectContaining(refused));
  });

  it.each(literal.filter((url) => URL.canParse(url) && url.startsWith('http')))(
    'refuses %s in the connection too, where the check was forgotten',
    async (url) => {
      if (!/^https?:/.test(url)) return;
      await expect(exchange(guard.dispatcher, get(url))).rejects.toMatchObject({ code: expect.stringMatching(/url_not_allowed|UND_ERR_INVALID_ARG/) });
    },
  );

  it.each(Object.keys(answers))('refuses %s by what it resolves to', async (name) => {
    await expect(sendGuarded(guard, get(`http://${name}:${upstream.port}/`))).rejects.toMatchObject(refused);
    await expect(sendGuarded(guard, get(`https://${name}:${upstream.port}/`))).rejects.toMatchObject(refused);
  });

  it('sends nothing at all to what it refuses', () => {
    expect(upstream.connections).toBe(0);
  });

  it.each(['http://93.184.215.14/', 'https://api.example.com/x?y=z', 'http://[2606:4700::1111]:8080/'])('lets %s pass', (url) => {
    expect(guard.check(url).href).toBe(url);
  });

  it('connects to the address it has checked, however the name resolves later', async () => {
    const turns = ['127.0.0.2', '127.0.0.1'];
    let asked = 0;
    const rebinding: Resolver = () => Promise.resolve([{ address: turns[asked++] ?? '', family: 4 }]);
    const once = new EgressGuard({ resolve: rebinding, allow: parseHostList('127.0.0.2/32', 'test') });
    const answer = await sendGuarded(once, get(`http://rebind.example:${upstream.port}/`));
    expect(String(await answer.bytes(100))).toBe('reached');
    expect(upstream.seen.at(-1)).toMatchObject({ localAddress: '127.0.0.2', headers: { host: `rebind.example:${upstream.port}` } });
    expect(asked).toBe(1);
    await once.close();
    const again = new EgressGuard({ resolve: rebinding, allow: parseHostList('127.0.0.2/32', 'test') });
    await expect(sendGuarded(again, get(`http://rebind.example:${upstream.port}/`))).rejects.toMatchObject(refused);
    await again.close();
  });

  it('opens what is allowed by host, by host and port, and by network, and nothing beside it', async () => {
    const here = `http://127.0.0.1:${upstream.port}/`;
    expect(await reaches('127.0.0.1', here)).toBe(true);
    expect(await reaches(`127.0.0.1:${upstream.port}`, here)).toBe(true);
    expect(await reaches('127.0.0.0/8', here)).toBe(true);
    expect(await reaches(`localhost:${upstream.port}`, `http://localhost:${upstream.port}/`)).toBe(true);
    expect(await reaches('127.0.0.0/8', `http://localhost:${upstream.port}/`)).toBe(true);
    expect(await reaches('127.0.0.0/8', `http://loopback.example:${upstream.port}/`)).toBe(true);
    expect(await reaches('127.0.0.1:1', here)).toBe(false);
    expect(await reaches('10.0.0.0/8', here)).toBe(false);
    expect(await reaches('localhost', here)).toBe(false);
  });

  it('closes own public hosts that it was told of', () => {
    const own = new EgressGuard({ deny: parseHostList('nango.example,93.184.215.0/24', 'test') });
    expect(() => own.check('https://nango.example/')).toThrow(expect.objectContaining(refused));
    expect(() => own.check('https://93.184.215.14/')).toThrow(expect.objectContaining(refused));
  });
});
