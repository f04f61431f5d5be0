import { createServer, type Server } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EgressGuard, type Resolver } from './guard.js';
import { parseHostList } from './host-list.js';
import { sendGuarded } from './redirect.js';
import { selfSignedCertificate } from './testing/index.js';
import { Upstream } from './test/upstream.js';

const secrets: Record<string, string> = {
  authorization: 'Bearer planted-secret',
  'proxy-authorization': 'Basic planted-secret',
  cookie: 'session=planted-secret',
  'x-api-key': 'planted-secret',
  'x-amz-security-token': 'planted-secret',
  'private-token': 'planted-secret',
  'api-version': 'planted-secret',
};
const resolve: Resolver = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);

describe('S-03 the credentials of a redirected call', () => {
  let home: Upstream;
  let other: Upstream;
  let secure: Server;
  let secureUrl: string;
  let location: string;
  let guard: EgressGuard;
  const before = getCACertificates('default');
  beforeAll(async () => {
    const certificate = selfSignedCertificate('home.example');
    setDefaultCACertificates([...before, certificate.cert]);
    home = await Upstream.start(({ url }, response) => (url === '/from' ? response.writeHead(307, { location }).end() : response.end('home')));
    other = await Upstream.start(({ url }, response) =>
      url === '/back' ? response.writeHead(307, { location: `${home.url}/again` }).end() : response.end('other'),
    );
    secure = createServer(certificate, ({ url }, response) => (url === '/from' ? response.writeHead(307, { location }).end() : response.end('secure')));
    await new Promise<void>((listening) => secure.listen(0, '127.0.0.1', listening));
    secureUrl = `https://home.example:${(secure.address() as AddressInfo).port}`; // listens on TCP
    guard = new EgressGuard({ resolve, allow: parseHostList('127.0.0.0/8', 'test') });
  });
  afterAll(async () => {
    await guard.close();
    await home.stop();
    await other.stop();
    secure.closeAllConnections();
    secure.close();
    setDefaultCACertificates(before);
  });

  const send = async (from: string, to: string, method = 'GET') => {
    location = to;
    const body = method === 'GET' ? null : Buffer.from('{}');
    return String(await (await sendGuarded(guard, { url: new URL(from), method, headers: secrets, body })).bytes(100));
  };
  const leaked = (headers: IncomingHttpHeaders | undefined): string[] =>
    Object.keys(headers ?? {}).filter((name) => JSON.stringify(headers?.[name]).includes('planted-secret'));

  it('go along within the origin', async () => {
    expect(await send(`${home.url}/from`, `${home.url}/to`)).toBe('home');
    expect(leaked(home.seen.at(-1)?.headers).toSorted()).toEqual(Object.keys(secrets).toSorted());
  });

  it.each(['GET', 'POST'])('stay behind when a %s is sent to another port, another host of the same machine, or another scheme', async (method) => {
    const foreign = [`${other.url}/to`, `http://api.other.example:${other.port}/to`, `http://127.0.0.2:${home.port}/to`];
    for (const to of foreign) expect(['home', 'other']).toContain(await send(`${home.url}/from`, to, method));
    expect(await send(`${home.url}/from`, `${secureUrl}/to`, method)).toBe('secure');
    const arrived = [...other.seen, ...home.seen].filter(
      ({ url, method: its, headers }) => url === '/to' && its === method && !headers.host?.startsWith('127.0.0.1:' + home.port),
    );
    expect(arrived.length).toBe(3);
    expect(arrived.flatMap(({ headers }) => leaked(headers))).toEqual([]);
  });

  it('do not come back when the way leads home again', async () => {
    expect(await send(`${home.url}/from`, `${other.url}/back`)).toBe('home');
    expect(home.seen.at(-1)).toMatchObject({ url: '/again' });
    expect(leaked(home.seen.at(-1)?.headers)).toEqual([]);
  });

  it.each(['the same host', 'another'])('never go from https to http: the redirect to %s is refused', async (which) => {
    const seen = home.seen.length;
    const to = which === 'another' ? `${home.url}/to` : `http://home.example:${home.port}/to`;
    await expect(send(`${secureUrl}/from`, to)).rejects.toMatchObject({ code: 'url_not_allowed', message: expect.stringContaining('from https to http') });
    expect(home.seen.length).toBe(seen);
  });

  it('are no part of a user name or password in the new place', async () => {
    expect(await send(`${home.url}/from`, `${other.url.replace('//', '//ada:pass@')}/to`)).toBe('other');
    expect(other.seen.at(-1)?.headers.authorization).toBeUndefined();
  });
});
