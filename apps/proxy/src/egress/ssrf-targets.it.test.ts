import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { nameServers } from 'egress';
import { NameServer, selfSignedCertificate, Sink, type SsrfTarget, ssrfTargets, ssrfZone, watchConnections } from 'egress/testing';
import { DeliveryAnswer } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestConnection, TestProxy } from '../test/proxy.js';

const domain = 'names.example';
const own = 'http://platform.names.example:8080';
const before = getCACertificates('default');
const numbers = Array.from({ length: 64 }, (_, index) => index + 1);

/** What is not ASCII travels in a header as its bytes in percent; URLs read both alike. */
const forHeader = (url: string): string => url.replaceAll(/[^ -~]/g, encodeURIComponent);
/** Where `/redirect?to=...` leads. */
const targetOf = (url: string): string => forHeader(new URL(url, 'http://any').searchParams.get('to') ?? '');

type Verdict = { status: number; code: string | undefined };
const verdictOf = async (answer: Response): Promise<Verdict> => ({
  status: answer.status,
  code: ((await answer.json()) as { error?: { code?: string } }).error?.code,
});

describe('S-01 no way out leads to', () => {
  let proxy: TestProxy;
  let sink: Sink;
  let names: NameServer;
  let secure: Server;
  let connection: TestConnection;
  let token: string;
  let targets: SsrfTarget[];
  beforeAll(async () => {
    const certificate = selfSignedCertificate('secure.example');
    setDefaultCACertificates([...before, certificate.cert]);
    secure = createServer(certificate, ({ url = '' }, response) => response.writeHead(307, { location: targetOf(url) }).end());
    await new Promise<void>((listening) => secure.listen(0, '127.0.0.1', listening));
    const secureHost = `127.0.0.1:${(secure.address() as AddressInfo).port}`; // listens on TCP
    [sink, names] = await Promise.all([Sink.start(), NameServer.start(ssrfZone(domain))]);
    proxy = await TestProxy.start({ NANGO_EGRESS_ALLOW: secureHost, NANGO_EGRESS_DNS: names.address, NANGO_SERVER_URL: own });
    proxy.upstream.answers('/redirect', ({ url }, response) => void response.writeHead(307, { location: targetOf(url) }).end());
    targets = ssrfTargets({ names: domain, upstream: proxy.upstream.url, secure: `https://${secureHost}`, own, port: sink.port });
    connection = await proxy.aConnection();
    token = (await proxy.anExecution(connection)).token;
    // The rebinding name tells the truth once.
    await nameServers(names.address)(`rebinding.${domain}`);
  });
  afterAll(async () => {
    setDefaultCACertificates(before);
    secure?.closeAllConnections();
    secure?.close();
    await proxy?.stop();
    await Promise.all([sink?.stop(), names?.stop()]);
  });

  const scriptCall = async (call: object) => verdictOf(await proxy.inside('calls', token, { call: randomUUID(), method: 'GET', endpoint: '/x', ...call }));
  const ways: Record<string, (url: string) => Promise<Verdict>> = {
    "the proxy, to a connection's own API": async (url) => verdictOf(await proxy.call(await proxy.aConnection({ connectionConfig: { baseUrl: url } }), '/x')),
    "the proxy's override": async (url) => verdictOf(await proxy.call(connection, '/x', { headers: { 'base-url-override': forHeader(url) } })),
    "a script's override (E35)": (baseUrlOverride) => scriptCall({ baseUrlOverride }),
    "a script's uncontrolled fetch": (endpoint) => scriptCall({ endpoint, uncontrolled: true }),
    'a redirect of the API': async (url) => verdictOf(await proxy.call(connection, `/redirect?to=${encodeURIComponent(url)}`, { redirect: 'manual' })),
    'a webhook to the customer': async (url) => {
      const answer = await proxy.inside('deliveries', proxy.serviceToken('orchestrator'), {
        environmentId: proxy.environments.dev.id,
        url,
        headers: {},
        body: '{}',
      });
      const { status, error } = DeliveryAnswer.parse(await answer.json());
      return { status: status ?? 400, code: error?.split(':')[0] };
    },
  };
  /** `missing_api_url`: what is no URL of the web can be no API's address either. */
  const refusals = new Set(['url_not_allowed', 'missing_api_url']);

  it.each(Object.entries(ways))('any of the 64 targets: %s', { timeout: 60_000 }, async (_, way) => {
    const watch = watchConnections();
    const reached: unknown[] = [];
    for (const { number, url } of targets) {
      const { status, code } = await way(url);
      if (status !== 400 || !refusals.has(code ?? '')) reached.push({ number, url, status, code });
    }
    watch.stop();
    expect(targets.map(({ number }) => number)).toEqual(numbers);
    expect(reached).toEqual([]);
    expect(strange(watch.attempts)).toEqual([]);
    expect(sink.connections).toBe(0);
  });

  it('any of them: a token endpoint', { timeout: 60_000 }, async () => {
    const watch = watchConnections();
    const credentials = { type: 'OAUTH2' as const, access_token: 'old', refresh_token: 'r', expires_at: new Date(Date.now() - 1_000), raw: {} };
    const statuses = new Set<number>();
    for (const { url } of targets) {
      const oauth = await proxy.aConnection({
        provider: 'demo-tracker-oauth',
        credentials,
        oauthClient: { id: 'c', secret: 's' },
        connectionConfig: { baseUrl: url },
      });
      statuses.add((await proxy.call(oauth, '/x')).status);
    }
    watch.stop();
    expect([...statuses].filter((status) => status < 400)).toEqual([]);
    expect([strange(watch.attempts), sink.connections]).toEqual([[], 0]);
  });

  it('and the same listener is reached, and the attempt seen, once the operator opens it', async () => {
    const open = await TestProxy.start({ NANGO_EGRESS_ALLOW: `127.0.0.1:${sink.port}` });
    const watch = watchConnections();
    const answer = await open.call(await open.aConnection(), '/x', { headers: { 'base-url-override': `http://127.0.0.1:${sink.port}` } });
    watch.stop();
    expect([answer.status, await answer.text(), sink.connections]).toEqual([200, 'inside', 1]);
    expect(watch.attempts).toContain(`127.0.0.1:${sink.port}`);
    await open.stop();
  });

  /** What this process connected to, beside what the test itself needs: its database, the proxy's own port, the APIs that are allowed. */
  function strange(attempts: string[]): string[] {
    const ports = [new URL(proxy.url).port, new URL(proxy.upstream.url).port, String((secure.address() as AddressInfo).port), proxy.databasePort];
    return [...new Set(attempts)].filter((attempt) => !ports.some((port) => [`127.0.0.1:${port}`, `::1:${port}`].includes(attempt)));
  }
});
