import { createServer } from 'node:net';

/** A TCP port of the loopback interface that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const port = await probe(0);
  if (port === null) throw new Error('no free TCP port on 127.0.0.1');
  return port;
}

/** The wanted port when it is free, else any free one. */
export async function portNear(wanted: number): Promise<number> {
  return (await probe(wanted)) ?? freePort();
}

/** A port for each name: the wanted one when it is free, else (or when all have to be free ones) any other; no port twice. */
export async function assignPorts<Name extends string>(wanted: Record<Name, number>, { anyPort = false } = {}): Promise<Record<Name, number>> {
  const taken = new Set<number>();
  const assigned: Partial<Record<Name, number>> = {};
  for (const name of Object.keys(wanted) as Name[]) {
    let port = anyPort ? await freePort() : await portNear(wanted[name]);
    while (taken.has(port)) port = await freePort();
    taken.add(port);
    assigned[name] = port;
  }
  return assigned as Record<Name, number>;
}

function probe(wanted: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port: wanted, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : null;
      server.close(() => resolve(port));
    });
  });
}
