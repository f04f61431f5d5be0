// Sets up what the benchmark needs, the way a team would: an integration, a connection, and a deploy with the project's own CLI.
import { cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runToEnd } from './program.mjs';

const bench = resolve(import.meta.dirname, '..');
const cli = resolve(bench, '../../packages/cli/dist/main.js');

/** The body that makes a connection to the mock API. */
export function connectionTo(mockUrl) {
  return { provider_config_key: 'bench', credentials: { type: 'API_KEY', apiKey: 'mock-secret-key' }, connection_config: { baseUrl: mockUrl } };
}

/** The integration `bench`, its connection `conn-1`, and the scripts of nango-yaml/. */
export async function prepareProject({ serverUrl, secretKey, mockUrl, work, signal }) {
  const post = (path, body) => postJson({ url: serverUrl + path, secretKey, signal }, body);
  await post('/integrations', { unique_key: 'bench', provider: 'private-api-bearer' });
  await post('/connections', { ...connectionTo(mockUrl), connection_id: 'conn-1' });
  const cwd = join(work, 'nango-integrations');
  await cp(join(bench, 'nango-yaml'), cwd, { recursive: true });
  const env = { INIT_CWD: '', NANGO_HOSTPORT: serverUrl, NANGO_SECRET_KEY_DEV: secretKey, NANGO_DEPLOY_AUTO_CONFIRM: 'true' };
  for (const args of [['generate'], ['deploy', 'dev', '--auto-confirm']]) await runCli(args, { cwd, env, signal });
}

async function runCli(args, options) {
  const { code, stdout, stderr } = await runToEnd(cli, { args, ...options });
  if (code !== 0) throw new Error(`"nango ${args.join(' ')}" ended with ${code}:\n${stdout}${stderr}`);
}

async function postJson({ url, secretKey, signal }, body) {
  const headers = { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
  if (!answer.ok) throw new Error(`POST ${url} answered ${answer.status}: ${await answer.text()}`);
}
