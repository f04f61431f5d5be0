import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { assignPorts, freePort } from './ports.js';

let holder: Server | null = null;
afterEach(() => void holder?.close());

it('gives the wanted port when it is free and another one when it is taken', async () => {
  const [free, taken] = await Promise.all([freePort(), freePort()]);
  await new Promise<void>((resolve) => (holder = createServer().listen(taken, '127.0.0.1', resolve)));
  const ports = await assignPorts({ one: free, other: taken });
  expect(ports.one).toBe(free);
  expect(ports.other).not.toBe(taken);
});

it('never gives a port twice', async () => {
  const port = await freePort();
  const ports = await assignPorts({ one: port, other: port });
  expect(ports.one).not.toBe(ports.other);
});
