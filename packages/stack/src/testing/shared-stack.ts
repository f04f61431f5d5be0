import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { explain, Stack } from '../stack.js';

/** How a test reaches a running stack. */
export interface TestStack {
  serverUrl: string;
  proxyUrl: string;
  temporalAddress: string;
  databaseUrl: string;
  /** The demo tracker's address; `POST /control` there steers it. */
  simulatorUrl: string;
  secretKey: string;
  prodSecretKey: string;
  dashboard: { email: string; password: string };
  /** Where the processes write their logs. */
  logs: string;
}

/** Starts one stack at the first question and tells it to everyone who asks: test files run in processes of their own. */
export async function serveSharedStack(): Promise<{ url: string; close: () => Promise<void> }> {
  let starting: Promise<Stack> | null = null;
  const server = createServer((_request, response) => {
    starting ??= Stack.start({ egressAllow: '127.0.0.1' });
    starting.then(
      (stack) => response.end(JSON.stringify(describe(stack))),
      (error: unknown) => response.writeHead(500).end(explain(error)),
    );
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await starting?.then((stack) => stack.stop()).catch(() => undefined);
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** The part of a stack that tests use. */
export function describe(stack: Stack): TestStack {
  const { serverUrl, proxyUrl, temporalAddress, databaseUrl, environments, dashboard } = stack.describe();
  return {
    serverUrl: serverUrl.replace('localhost', '127.0.0.1'),
    proxyUrl,
    temporalAddress,
    databaseUrl,
    simulatorUrl: stack.simulatorUrl,
    secretKey: environments.dev.secretKey,
    prodSecretKey: environments.prod.secretKey,
    dashboard,
    logs: `${stack.home.folder}/logs`,
  };
}
