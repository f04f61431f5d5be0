import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from './exchange.js';
import { EgressGuard, type Resolver } from './guard.js';
import { parseHostList } from './host-list.js';
import { sendGuarded } from './redirect.js';
import { Upstream } from './test/upstream.js';

const literal = `
  http://127.0.0.1/
  http://127.0.0.1:5432/
  http://127.1/
  http://2130706433/
  http://0x7f000001/
  http://0177.0.0.1/
  http://0/
  http://0.0.0.0/
  http://localhost/
  http://localhost./
  http://LOCALHOST%2e/
  http://foo.localhost/
  http://[::1]/
  http://[::]/
  http://[::ffff:127.0.0.1]/
  http://[::ffff:7f00:1]/
  http://[::127.0.0.1]/
  http://[64:ff9b::7f00:1]/
  http://[64:ff9b::a9fe:a9fe]/
  http://[64:ff9b:1::1]/
  http://[2002:7f00:1::]/
  http://[2002:a9fe:a9fe::]/
  http://[2001:0:7f00:1::]/
  http://[fe80::1]/
  http://[fec0::1]/
  http://[fc00::1]/
  http://[fd00:ec2::254]/
  http://[ff02::1]/
  http://169.254.169.254/latest/meta-data/
  http://169.254.170.2/
  http://169.254.0.1/
  http://0251.0376.0251.0376/
  http://169。254。169。254/
  http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/
  http://user@169.254.169.254/
  http://api.example.com@169.254.169.254/
  http://169.254.169.254#@api.example.com/
  http://metadata.google.internal/
  http://metadata.goog/
  http://100.100.100.200/
  http://192.0.0.192/
  http://168.63.129.16/
  http://10.0.0.1/
  http://172.16.0.1/
  http://172.31.255.255/
  http://192.168.1.1/
  http://100.64.0.1/
  http://198.18.0.1/
  http://224.0.0.1/
  http://240.0.0.1/
  http://255.255.255.255/
  http://192.0.2.1/
  file:///etc/passwd
  gopher://127.0.0.1:6379/_INFO
  http+unix://%2Fvar%2Frun%2Fdocker.sock/info
  ftp://example.com/
  http://[fd00::1%25eth0]/
  https://127.0.0.1/
  http://postgres.internal/
  nonsense
`
  .trim()
  .split(/\s+/);

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
