import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { nameServers } from 'egress';
import { NameServer, selfSignedCertificate, Sink, type SsrfTarget, ssrfTargets, ssrfZone, watchConnections } from 'egress/testing';
import { TestProxy } from './proxy.js';

const domain = 'names.example';
const own = 'http://platform.names.example:8080';

/** What is not ASCII travels in a header as its bytes in percent; URLs read both alike. */
export const forHeader = (url: string): string => url.replaceAll(/[^ -~]/g, encodeURIComponent);
/** Where `/redirect?to=...` leads. */
const targetOf = (url: string): string => forHeader(new URL(url, 'http://any').searchParams.get('to') ?? '');

type Parts = { proxy: TestProxy; sink: Sink; names: NameServer; secure: Server; before: string[] };

/** A proxy among the 64 targets: a listener inside that must hear nothing, names that lie, APIs that redirect. */
export class SsrfStand {
  readonly targets: SsrfTarget[];
  readonly proxy: TestProxy;

  private constructor(private readonly parts: Parts) {
    const { proxy, sink, secure } = parts;
    this.proxy = proxy;
    this.targets = ssrfTargets({ names: domain, upstream: proxy.upstream.url, secure: `https://${hostOf(secure)}`, own, port: sink.port });
  }

  static async start(): Promise<SsrfStand> {
    const before = getCACertificates('default');
    const certificate = selfSignedCertificate('secure.example');
    setDefaultCACertificates([...before, certificate.cert]);
    const secure = createServer(certificate, ({ url = '' }, response) => response.writeHead(307, { location: targetOf(url) }).end());
    await new Promise<void>((listening) => secure.listen(0, '127.0.0.1', listening));
    const [sink, names] = await Promise.all([Sink.start(), NameServer.start(ssrfZone(domain))]);
    const proxy = await TestProxy.start({ NANGO_EGRESS_ALLOW: hostOf(secure), NANGO_EGRESS_DNS: names.address, NANGO_SERVER_URL: own });
    proxy.upstream.answers('/redirect', ({ url }, response) => void response.writeHead(307, { location: targetOf(url) }).end());
    // The rebinding name tells the truth once.
    await nameServers(names.address)(`rebinding.${domain}`);
    return new SsrfStand({ proxy, sink, names, secure, before });
  }

  async stop(): Promise<void> {
    const { proxy, sink, names, secure, before } = this.parts;
    setDefaultCACertificates(before);
    secure.closeAllConnections();
    secure.close();
    await proxy.stop();
    await Promise.all([sink.stop(), names.stop()]);
  }

  get sinkPort(): number {
    return this.parts.sink.port;
  }

  /** Connections that the listener inside has seen. */
  get sinkConnections(): number {
    return this.parts.sink.connections;
  }

  /** Where this process connected to meanwhile, beside what the test itself needs: its database, the proxy's own port, the APIs that are allowed. */
  async strangeConnections(run: () => Promise<unknown>): Promise<string[]> {
    const watch = watchConnections();
    try {
      await run();
    } finally {
      watch.stop();
    }
    const { proxy, secure } = this.parts;
    const ports = [new URL(proxy.url).port, new URL(proxy.upstream.url).port, hostOf(secure).split(':')[1], proxy.databasePort];
    return [...new Set(watch.attempts)].filter((attempt) => !ports.some((port) => [`127.0.0.1:${port}`, `::1:${port}`].includes(attempt)));
  }
}

function hostOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`; // listens on TCP
}
