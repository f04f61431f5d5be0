import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { SyncStatus } from 'model';
import { builtProgram, repositoryRoot } from './repository.js';
import type { Stack } from './stack.js';

const run = promisify(execFile);
const patienceMs = 90_000;

/** What the demo sets up, as stack.json names it. */
export const demo = { providerConfigKey: 'demo-tracker', connectionId: 'demo', model: 'Issue', sync: 'issues', action: 'create-issue' } as const;
const folder = join(repositoryRoot, 'docs/examples/demo/nango-integrations');

type Say = (line: string) => void;

/**
 * Sets up the demo the way a team would: an integration, a connection and a deploy with the project's own CLI; then
 * waits for the first sync and says how to read what it brought. Done again, it changes nothing.
 */
export async function runDemo(stack: Stack, say: Say): Promise<void> {
  const startedAt = performance.now();
  const api = apiOf(stack);
  await setUpDemo(stack, api);
  const status = await firstSync(api);
  stack.noteDemo(demo);
  const { added = 0, updated = 0, deleted = 0 } = status.latestResult[demo.model] ?? {};
  const total = status.recordCount[demo.model] ?? 0;
  say(
    `demo          ${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s   sync ${demo.sync}: ${added} records added, ${updated} updated, ${deleted} deleted; ${total} in the cache`,
  );
  say(instructions(stack));
}

/** The demo's integration, connection and deployed scripts. */
export async function setUpDemo(stack: Stack, api: Api = apiOf(stack)): Promise<void> {
  await anIntegration(api, { unique_key: demo.providerConfigKey, provider: 'demo-tracker' });
  // For a look at OAuth: connected in the browser, from the dashboard or docs/examples/connect.
  const credentials = { type: 'OAUTH2', client_id: 'demo-client', client_secret: 'demo-secret' };
  await anIntegration(api, { unique_key: 'demo-tracker-oauth', provider: 'demo-tracker-oauth', credentials });
  await api('POST', '/connections', {
    provider_config_key: demo.providerConfigKey,
    connection_id: demo.connectionId,
    credentials: { type: 'API_KEY', apiKey: 'demo-key' },
    connection_config: { baseUrl: stack.simulatorUrl },
  });
  await deploy(stack);
}

/** A request to the server with the key of `dev`; answers other than 2xx and 404 throw. */
export type Api = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;

/** The server's API for a stack's `dev` environment. */
export function apiOf(stack: Stack): Api {
  return async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${stack.ports.server}${path}`, {
      method,
      headers: { authorization: `Bearer ${stack.keys.environments.dev.secretKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok && response.status !== 404) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
}

async function anIntegration(api: Api, integration: { unique_key: string; provider: string; credentials?: object }): Promise<void> {
  const found = await api('GET', '/integrations');
  const { data } = found.body as { data: { unique_key: string }[] };
  if (!data.some(({ unique_key }) => unique_key === integration.unique_key)) await api('POST', '/integrations', integration);
}

/** Deploys when the folder is not what was deployed last. */
async function deploy(stack: Stack): Promise<void> {
  const noted = join(stack.home.folder, 'demo', 'deployed');
  const hash = await hashOf(folder);
  if ((await readFile(noted, 'utf8').catch(() => '')) === hash) return;
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/',
    CI: 'true',
    NANGO_HOSTPORT: `http://127.0.0.1:${stack.ports.server}`,
    NANGO_SECRET_KEY_DEV: stack.keys.environments.dev.secretKey,
  };
  await run(process.execPath, [builtProgram('packages/cli'), 'deploy', 'dev', '--auto-confirm', '--allow-destructive'], { cwd: folder, env }).catch(
    (error: { stdout?: string; stderr?: string }) => {
      throw new Error(`the demo's deploy failed:\n${error.stdout ?? ''}${error.stderr ?? ''}`);
    },
  );
  await mkdir(dirname(noted), { recursive: true });
  await writeFile(noted, hash);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  const files = (await readdir(path, { recursive: true })).filter((file) => /^(nango\.yaml|demo-tracker\/.*\.ts)$/.test(file)).sort();
  for (const file of files) hash.update(file).update(await readFile(join(path, file)));
  return hash.digest('hex');
}

async function firstSync(api: Api): Promise<SyncStatus> {
  const query = new URLSearchParams({ provider_config_key: demo.providerConfigKey, connection_id: demo.connectionId, syncs: demo.sync });
  const deadline = Date.now() + patienceMs;
  let last = 'none';
  while (Date.now() < deadline) {
    const { body } = await api('GET', `/sync/status?${query}`);
    const [status] = (body as { syncs?: SyncStatus[] } | null)?.syncs ?? [];
    last = status?.status ?? 'none';
    if (last === 'ERROR') throw new Error(`its sync failed; the dashboard's logs say why`);
    if (status?.latestExecutionStatus === 'SUCCESS') return status;
    await sleep(150);
  }
  throw new Error(`its first sync did not end within ${patienceMs / 1000} s (its status: ${last})`);
}

function instructions(stack: Stack): string {
  const key = stack.keys.environments.dev.secretKey;
  const headers = [`Authorization: Bearer ${key}`, `Connection-Id: ${demo.connectionId}`, `Provider-Config-Key: ${demo.providerConfigKey}`]
    .map((header) => `-H '${header}'`)
    .join(' ');
  const input = { title: 'Opened through the API' };
  return `
List its records:
  curl '${stack.serverUrl}/records?model=${demo.model}&limit=5' ${headers}
Trigger its action:
  curl -X POST '${stack.serverUrl}/action/trigger' ${headers} -H 'Content-Type: application/json' -d '${JSON.stringify({ action_name: demo.action, input })}'
The same with the node SDK:
  import { Nango } from '@nangohq/node';
  const nango = new Nango({ host: '${stack.serverUrl}', secretKey: '${key}' });
  const { records } = await nango.listRecords({ providerConfigKey: '${demo.providerConfigKey}', connectionId: '${demo.connectionId}', model: '${demo.model}', limit: 5 });
  const issue = await nango.triggerAction('${demo.providerConfigKey}', '${demo.connectionId}', '${demo.action}', ${JSON.stringify(input)});`;
}
