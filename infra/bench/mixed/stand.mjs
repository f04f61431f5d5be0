// What the mixed load runs on: a stack of its own, and the API that fails.
import { join } from 'node:path';
import { freePort, Stack } from '../../../packages/stack/dist/index.js';
import { serve } from '../stand/program.mjs';
import { connectionTo } from '../stand/project.mjs';

/** Starts everything; disposing of it ends every process. */
export async function startMixedStand({ signal, say }) {
  await using started = new AsyncDisposableStack();
  const host = `127.0.0.1:${await freePort()}`;
  started.use(await serve(join(import.meta.dirname, '../faulty-api.mjs'), { args: ['--port', host.split(':')[1]] }));
  const stack = await Stack.start({ egressAllow: host, signal, say });
  started.defer(() => stack.stop());
  const described = stack.describe();
  const headers = { authorization: `Bearer ${described.environments.dev.secretKey}` };
  await post(`${described.serverUrl}/integrations`, headers, { unique_key: 'bench', provider: 'private-api-bearer' });
  await post(`${described.serverUrl}/connections`, headers, { ...connectionTo(`http://${host}`), connection_id: 'conn-1' });
  const disposal = started.move();
  return {
    serverUrl: described.serverUrl.replace('localhost', '127.0.0.1'),
    proxyUrl: described.proxyUrl,
    pids: described.pids,
    headers: { ...headers, 'provider-config-key': 'bench', 'connection-id': 'conn-1' },
    replaced: () => Object.keys(described.pids).filter((name) => stack.describe().pids[name] !== described.pids[name]),
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}

async function post(url, headers, body) {
  const answer = await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`POST ${url} answered ${answer.status}: ${await answer.text()}`);
}
