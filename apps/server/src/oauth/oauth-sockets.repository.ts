import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { listen, POOL, type Pool, type Subscription } from 'database';
import { channels, type OAuthMessage, oauthSessionMs } from 'model';
import { type WebSocket, WebSocketServer } from 'ws';
import { OAuthResultRepository } from './oauth-result.repository.js';

/** Browsers that wait for the end of a popup, at most so many in one process. */
const maxSockets = 10_000;
/** A browser that answers no ping in this time is gone. */
const pingEveryMs = 30_000;

/**
 * The WebSockets of browsers that wait for a popup to end (surface 5.3): each is given an id, hears how its flow ended, and is closed.
 * The callback may reach any server process; the one that holds the socket hears of it through Postgres.
 */
@Injectable()
export class OAuthSockets implements OnModuleInit, OnApplicationShutdown {
  private readonly sockets = new Map<string, WebSocket>();
  // Nothing that a browser sends is read.
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: 1_024 });
  private subscription: Subscription | undefined;

  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly results: OAuthResultRepository,
  ) {}

  async onModuleInit(): Promise<void> {
    this.subscription = await listen(this.pool, channels.oauthResult, (id) => this.look(id), { onConnected: () => this.lookAtAll() });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.subscription?.close();
    for (const socket of this.server.clients) socket.terminate();
  }

  /** Takes WebSockets at one path of an HTTP server; every other upgrade is refused. */
  serve(http: Server, path: string): void {
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const asked = request.url?.split('?', 1)[0] ?? '';
      const isOurs = ['/', path].includes(asked) && this.server.clients.size < maxSockets; // the connect page knows no path of the installation's own
      // Node has taken its own listeners away: a peer that resets the connection would end the process.
      socket.on('error', () => socket.destroy());
      if (!isOurs) return void socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n', () => socket.destroy());
      this.server.handleUpgrade(request, socket, head, (browser) => this.welcome(browser));
    });
  }

  private welcome(browser: WebSocket): void {
    const id = randomUUID();
    this.sockets.set(id, browser);
    const timer = setTimeout(() => browser.close(), 2 * oauthSessionMs).unref();
    let isThere = true;
    const ping = setInterval(() => {
      if (!isThere) return browser.terminate();
      isThere = false;
      browser.ping();
    }, pingEveryMs).unref();
    browser.on('pong', () => (isThere = true));
    browser.once('close', () => {
      clearTimeout(timer);
      clearInterval(ping);
      this.sockets.delete(id);
    });
    browser.on('error', () => browser.terminate());
    browser.send(JSON.stringify({ message_type: 'connection_ack', ws_client_id: id }));
  }

  /** Tells a browser that waits at this process, without a trace: for what anybody may ask. */
  tellHere(id: string, message: OAuthMessage): void {
    const browser = this.sockets.get(id);
    this.sockets.delete(id);
    browser?.send(JSON.stringify(message), () => browser.close());
  }

  private lookAtAll(): void {
    for (const id of this.sockets.keys()) this.look(id);
  }

  private look(id: string): void {
    if (this.sockets.has(id)) void this.tell(id).catch(() => undefined); // the browser polls, too
  }

  private async tell(id: string): Promise<void> {
    const progress = await this.results.progress(id);
    if (progress.status === 'finished') this.tellHere(id, progress.result);
  }
}
