import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FakeAsana, fakeAsana, type FakeSlack, fakeSlack } from 'simulator';
import { aStack, Product } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliRun, runCli } from './test/run-cli.js';

/** The two projects of the user guide, walked through with the built CLI against a whole stack and fakes of the two APIs. */
const examples = fileURLToPath(new URL('../../../docs/examples', import.meta.url));
const asanaKey = 'asana-dev';
const slackKey = 'slack-dev';

let stack: Awaited<ReturnType<typeof aStack>>;
let asana: FakeAsana;
let slack: FakeSlack;
let product: Product;
let home: string;
let environment: Record<string, string>;

const asanaFolder = () => join(home, 'asana/nango-integrations');
const slackFolder = () => join(home, 'slack/nango-integrations');
const nango = (folder: string, ...args: string[]): Promise<CliRun> => runCli(folder, args, environment);

beforeAll(async () => {
  [stack, asana, slack] = await Promise.all([aStack(), fakeAsana({ tasks: 120 }), fakeSlack()]);
  home = mkdtempSync(join(tmpdir(), 'nango-guide-'));
  for (const [from, to] of [
    ['asana-tasks', asanaFolder()],
    ['slack-alert', slackFolder()],
  ] as const)
    cpSync(join(examples, from, 'nango-integrations'), to, { recursive: true, filter: (path) => !/dist$|\.nango$|models\.ts$/.test(path) });
  const { serverUrl, environments } = stack.describe();
  environment = { NANGO_HOSTPORT: serverUrl, NANGO_SECRET_KEY_DEV: environments.dev.secretKey };
  product = new Product({ serverUrl, secretKey: environments.dev.secretKey }, asana.url);
  for (const key of [asanaKey, slackKey]) await product.must('POST', '/integrations', { body: { unique_key: key, provider: 'private-api-bearer' } });
  await aConnection('first');
  const slackConnection = {
    provider_config_key: slackKey,
    connection_id: 'team',
    credentials: { type: 'API_KEY', apiKey: slack.token },
    connection_config: { baseUrl: `${slack.url}/api` },
  };
  await product.must('POST', '/connections', { body: slackConnection });
}, 180_000);

afterAll(async () => {
  await Promise.all([stack?.stop(), asana?.close(), slack?.close()]);
  if (home) rmSync(home, { recursive: true, force: true });
}, 60_000);

function aConnection(connectionId: string): Promise<unknown> {
  const body = {
    provider_config_key: asanaKey,
    connection_id: connectionId,
    credentials: { type: 'API_KEY', apiKey: asana.token },
    connection_config: { baseUrl: asana.url },
  };
  return product.must('POST', '/connections', { body });
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

describe('nango init', () => {
  it('makes ./nango-integrations in an empty folder, and fills one when it stands inside', async () => {
    const [outside, inside] = [join(home, 'new'), join(home, 'empty/nango-integrations')];
    for (const folder of [outside, inside]) mkdirSync(folder, { recursive: true });
    for (const folder of [outside, inside]) expect(await nango(folder, 'init')).toMatchObject({ code: 0 });
    for (const folder of [join(outside, 'nango-integrations'), inside]) expect(existsSync(join(folder, 'nango.yaml'))).toBe(true);
    expect((await nango(inside, 'compile')).stderr).toBe('');
    expect(await nango(inside, 'init')).toMatchObject({ code: 1, stderr: expect.stringContaining('is a project already') });
  });
});

describe('the task sync of the user guide', () => {
  it('is dry-run from the first line: all tasks, nothing saved', async () => {
    expect((await nango(asanaFolder(), 'generate')).code).toBe(0);
    const { stdout, stderr, code } = await nango(asanaFolder(), 'dryrun', 'asana-tasks', 'first');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('AsanaTask: {"added":120,"updated":0,"deleted":0}');
    expect(asana.calls.filter(({ url }) => url.startsWith('/api/1.0/tasks')).map(({ url }) => /offset=/.test(url))).toEqual([false, true]);
    expect((await product.records(asanaKey, 'first', 'AsanaTask')).records).toEqual([]);
  });

  it('asks only for what has changed since a date, with -l', async () => {
    asana.changeTask('140001', { name: 'Changed' });
    const { stdout } = await nango(asanaFolder(), 'dryrun', 'asana-tasks', 'first', '-l', new Date(Date.now() - 60_000).toISOString());
    expect(stdout).toContain('AsanaTask: {"added":1,"updated":0,"deleted":0}');
    expect(stdout).toContain('"name": "Changed"');
  });

  it('is deployed, and runs by itself for the connection there is and for a new one', async () => {
    const { code, stdout, stderr } = await nango(asanaFolder(), 'deploy', 'dev', '--auto-confirm');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`+ sync ${asanaKey}/asana-tasks`);
    await aConnection('second');
    for (const connectionId of ['first', 'second']) {
      expect((await product.ran(asanaKey, connectionId, 'asana-tasks')).latestResult).toEqual({ AsanaTask: { added: 120, updated: 0, deleted: 0 } });
    }
  });

  it('reads only changed tasks on the second run', async () => {
    asana.calls.length = 0;
    asana.changeTask('140002', { completed: true });
    asana.addTasks(1);
    // A fresh task of the fake is dated in the past; only a change brings it into the next run.
    asana.changeTask('140121', {});
    const { latestResult, type } = await product.run(asanaKey, 'first', 'asana-tasks');
    expect(latestResult).toEqual({ AsanaTask: { added: 1, updated: 1, deleted: 0 } });
    expect(type).toBe('INCREMENTAL');
    expect(asana.calls.find(({ url }) => url.startsWith('/api/1.0/tasks'))?.url).toContain('modified_since=');
  });

  it('has records with metadata, pages and changes since a time', async () => {
    const page = await product.records(asanaKey, 'first', 'AsanaTask', { limit: '100' });
    expect(page.records).toHaveLength(100);
    expect(page.records[0]).toMatchObject({
      id: expect.any(String),
      project_id: '1301',
      _nango_metadata: { last_action: 'ADDED', deleted_at: null, cursor: expect.any(String) },
    });
    const rest = await product.records(asanaKey, 'first', 'AsanaTask', { limit: '100', cursor: page.next_cursor ?? '' });
    expect([rest.records.length, rest.next_cursor]).toEqual([21, null]);
    const changed = rest.records.find(({ id }) => id === '140002');
    const since = (changed?.['_nango_metadata'] as { last_modified_at: string } | undefined)?.last_modified_at ?? '';
    const modified = await product.records(asanaKey, 'first', 'AsanaTask', { modified_after: new Date(Date.parse(since) - 1).toISOString() });
    expect(modified.records.map(({ id }) => id).sort()).toEqual(['140002', '140121']);
  });

  it('deletes with batchDelete', async () => {
    const deletion = `  if (nango.lastSyncDate) await nango.batchDelete([{ id: '140003' }], 'AsanaTask');\n`;
    edit(join(asanaFolder(), 'asana-tasks.ts'), (text) => text.replace(`  let batch: AsanaTask[] = [];\n`, (line) => deletion + line));
    expect((await nango(asanaFolder(), 'deploy', 'dev', '--auto-confirm')).stderr).toBe('');
    expect((await product.run(asanaKey, 'first', 'asana-tasks')).latestResult).toMatchObject({ AsanaTask: { deleted: 1 } });
    const { records } = await product.records(asanaKey, 'first', 'AsanaTask', { filter: 'deleted' });
    expect(records).toMatchObject([{ id: '140003', name: 'Task 3', _nango_metadata: { last_action: 'DELETED', deleted_at: expect.any(String) } }]);
  });

  it('deletes what a full run has not seen, with track_deletes', async () => {
    edit(join(asanaFolder(), 'nango.yaml'), (text) => text.replace('      runs:', '      track_deletes: true\n      runs:'));
    edit(join(asanaFolder(), 'asana-tasks.ts'), (text) => text.replaceAll(/ {2}if \(nango.lastSyncDate\).*\n/g, ''));
    expect((await nango(asanaFolder(), 'deploy', 'dev', '--auto-confirm')).stderr).toBe('');
    asana.tasks.splice(0, 10);
    expect((await product.run(asanaKey, 'second', 'asana-tasks')).latestResult).toMatchObject({ AsanaTask: { added: 1, deleted: 10 } });
    const { records } = await product.records(asanaKey, 'second', 'AsanaTask', { filter: 'deleted' });
    expect(records.map(({ id }) => id)).toContain('140010');
  });
});

describe('the alert action of the user guide', () => {
  it('posts in a dry run and prints its output', async () => {
    const { code, stdout, stderr } = await nango(slackFolder(), 'dryrun', 'slack-alert', 'team', '--input', '{"channel":"C02MPPQC8FK"}');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({ ok: true });
    expect(slack.messages.at(-1)).toMatchObject({ channel: 'C02MPPQC8FK' });
  });

  it('answers through the API after a deploy of its own, which leaves the sync alone', async () => {
    expect((await nango(slackFolder(), 'deploy', 'dev', '--auto-confirm', '-a', 'slack-alert')).stderr).toBe('');
    expect(await product.action(slackKey, 'team', 'slack-alert', { channel: 'C02MPPQC8FK' })).toMatchObject({ status: 200, body: { ok: true } });
    expect(await product.status(asanaKey, 'first', 'asana-tasks')).toBeDefined();
    const refused = await product.action(slackKey, 'team', 'slack-alert', { channel: 'nowhere' });
    expect(refused).toMatchObject({
      status: 500,
      body: { error: { code: 'action_script_runtime_error', payload: { message: expect.stringContaining('channel_not_found') } } },
    });
  });

  it('reaches the same URL whether or not the endpoint repeats the path of the base URL', async () => {
    slack.calls.length = 0;
    const headers = { 'connection-id': 'team', 'provider-config-key': slackKey };
    for (const path of ['chat.postMessage', 'api/chat.postMessage']) {
      expect(await product.must('POST', `/proxy/${path}`, { headers, body: { channel: 'C02MPPQC8FK', text: 'hi' } })).toMatchObject({ ok: true });
    }
    expect(slack.calls.map(({ url }) => url)).toEqual(['/api/chat.postMessage', '/api/chat.postMessage']);
  });
});

describe('what goes wrong', () => {
  it('a wrong key, an unknown connection, and a sync in use that would be removed are told in one line', async () => {
    const wrong = await runCli(asanaFolder(), ['dryrun', 'asana-tasks', 'first'], {
      ...environment,
      NANGO_SECRET_KEY_DEV: '00000000-0000-4000-8000-000000000000',
    });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/401 unknown_account.*\n$/) });
    expect(await nango(asanaFolder(), 'dryrun', 'asana-tasks', 'nobody')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/404 unknown_connection.*\n$/),
    });
    const removal = await nango(slackFolder(), 'deploy', 'dev', '--auto-confirm');
    expect(removal).toMatchObject({ code: 1, stderr: expect.stringContaining('--allow-destructive') });
  });
});
