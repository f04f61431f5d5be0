// What the scorecard's rows run on: a stack of its own that flushes to disk like a real one, an external API, and a product that gets webhooks.
import { chmod, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Stack } from '../../../packages/stack/dist/index.js';
import { runToEnd } from '../../bench/stand/program.mjs';
import { platformOf } from './platform.mjs';
import { startReceiver } from './receiver.mjs';
import { startSourceApi } from './source-api.mjs';

const scorecard = resolve(import.meta.dirname, '..');
const cli = resolve(scorecard, '../../packages/cli/dist/main.js');

/** Starts everything and deploys the scorecard's scripts; disposing of it ends every process and removes every file. */
export async function startStand({ say, signal }) {
  await using started = new AsyncDisposableStack();
  const work = await mkdtemp(join(tmpdir(), 'scorecard-'));
  started.defer(() => rm(work, { recursive: true, force: true }));
  await chmod(work, 0o755); // started by root, Postgres runs as a user who must get in
  const source = started.use(await startSourceApi());
  const receiver = started.use(await startReceiver());
  const stack = await Stack.start({ home: join(work, 'stack'), freePorts: true, egressAllow: `${source.host},${receiver.host}`, signal, say });
  const elsewhere = stack.describe().postgresData;
  if (elsewhere) started.defer(() => rm(elsewhere, { recursive: true, force: true }));
  started.defer(() => stack.stop());
  const { serverUrl, environments } = stack.describe();
  const platform = platformOf({ serverUrl, secretKey: environments.dev.secretKey, sourceUrl: source.url });
  await platform.createIntegration();
  await platform.ask('PATCH', '/environment/webhooks', { body: { primary_url: receiver.url, on_sync_completion_always: true, on_sync_error: true } });
  await deploy({ serverUrl, secretKey: environments.dev.secretKey, work, signal });
  const disposal = started.move();
  return { stack, platform, source, receiver, say, [Symbol.asyncDispose]: () => disposal.disposeAsync() };
}

async function deploy({ serverUrl, secretKey, work, signal }) {
  const cwd = join(work, 'nango-integrations');
  await cp(join(scorecard, 'project'), cwd, { recursive: true });
  const env = { INIT_CWD: '', NANGO_HOSTPORT: serverUrl, NANGO_SECRET_KEY_DEV: secretKey, NANGO_DEPLOY_AUTO_CONFIRM: 'true' };
  for (const args of [['generate'], ['deploy', 'dev', '--auto-confirm']]) {
    const { code, stdout, stderr } = await runToEnd(cli, { args, cwd, env, signal });
    if (code !== 0) throw new Error(`"nango ${args.join(' ')}" ended with ${code}:\n${stdout}${stderr}`);
  }
}
