import { describe, expect, it } from 'vitest';
import { loadProject } from '../project/project.js';
import { selectScript } from '../project/select-script.js';
import { generateModels } from '../project/generate.js';
import { aFolder, aScript, aTerminal } from '../test/project.js';
import { aRestApi, type Reply, type Seen } from '../test/rest-api.js';
import { dryrun, type Dryrun } from './dryrun.js';

const connection = {
  id: 7,
  connection_id: 'c1',
  provider: 'github',
  provider_config_key: 'github',
  metadata: { repo: 'stored' },
  credentials: { type: 'API_KEY', apiKey: 'k' },
};

type Run = {
  script: string;
  settings?: string;
  kind?: 'syncs' | 'actions';
  request?: Partial<Dryrun>;
  answers?: boolean[];
  reply?: (seen: Seen) => Reply | null;
};

async function run({ script, settings = '', kind = 'syncs', request = {}, answers = [], reply = () => null }: Run) {
  const files = aScript({ kind, script: `import type { NangoSync, NangoAction, Issue } from '../../models';\n${script}\n` });
  const folder = aFolder({ ...files, 'nango.yaml': (files['nango.yaml'] ?? '').replace('output: Issue', `output: Issue${settings}`) });
  const terminal = aTerminal(answers);
  const project = loadProject(folder, terminal);
  generateModels(project);
  const { client, seen } = await aRestApi((call) => reply(call) ?? (call.path === '/connection/c1' ? { body: connection } : null));
  const all = {
    script: selectScript(project, 'issues'),
    connectionId: 'c1',
    environmentName: 'dev',
    input: undefined,
    metadata: undefined,
    validation: false,
    showAll: false,
    ...request,
  };
  const ended = await dryrun(project, client, terminal, all).then(
    () => 'done',
    (error: Error & { details?: string[] }) => [error.message, ...(error.details ?? [])].join('\n'),
  );
  return { ended, terminal, seen };
}

const sync = (body: string) => `export default async function fetchData(nango: NangoSync): Promise<void> {\n${body}\n}`;
const action = (body: string) => `export default async function runAction(nango: NangoAction, input: any): Promise<any> {\n${body}\n}`;

const closing = ({ path }: Seen): Reply | null => (path === '/proxy/close' ? { body: { ok: true } } : path === '/action/trigger' ? { body: 'yes' } : null);
const teapot = ({ path }: Seen): Reply | null => (path === '/proxy/a' ? { status: 418, body: { error: 'teapot' } } : null);
const unknownConnection = (): Reply => ({ status: 404, body: { error: { code: 'unknown_connection', message: 'No such connection' } } });

describe('a dry run of a sync', () => {
  it('calls through the proxy, saves nothing, and shows counts and records', async () => {
    const script =
      sync(`  const { data } = await nango.get<Issue[]>({ endpoint: '/issues', params: { since: nango.lastSyncDate?.toISOString() ?? '' }, headers: { 'X-One': '1' }, retries: 2 });
  await nango.batchSave(data, 'Issue');
  await nango.batchDelete([{ id: '9' }], 'Issue');
  await nango.log('fetched', { count: data.length });`);
    const { ended, terminal, seen } = await run({
      script,
      request: { lastSyncDate: '2026-01-31' },
      reply: ({ path }) => (path === '/proxy/issues' ? { body: [{ id: '1' }, { id: '2' }] } : null),
    });
    expect(ended).toBe('done');
    expect(seen.find(({ path }) => path.startsWith('/proxy'))).toMatchObject({
      method: 'GET',
      query: { since: '2026-01-31T00:00:00.000Z' },
      headers: {
        authorization: 'Bearer the-secret-key',
        'connection-id': 'c1',
        'provider-config-key': 'github',
        retries: '2',
        'nango-proxy-x-one': '1',
        'nango-is-dry-run': 'true',
        prefer: 'wait=240',
      },
    });
    expect(seen.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(terminal.text()).toContain('Issue: {"added":2,"updated":0,"deleted":1}');
    expect(terminal.text()).toContain('"id": "2"');
    expect(terminal.text()).toContain('[info] fetched {"count":2}');
  });

  it('shows ten records at a time', async () => {
    const script = sync(`  await nango.batchSave(Array.from({ length: 25 }, (_, id) => ({ id: 'n' + id })), 'Issue');`);
    const some = await run({ script, answers: [true, false] });
    expect(some.terminal.text()).toContain('"n19"');
    expect(some.terminal.text()).not.toContain('"n20"');
    expect((await run({ script, request: { showAll: true } })).terminal.text()).toContain('"n24"');
  });

  it('stubs metadata, and only notes what would be written to it', async () => {
    const script = sync(`  const { repo } = await nango.getMetadata<{ repo: string }>();
  await nango.updateMetadata({ seen: true });
  await nango.batchSave([{ id: repo, title: JSON.stringify(await nango.getMetadata()) }], 'Issue');`);
    expect((await run({ script })).terminal.text()).toContain('"id": "stored"');
    const { terminal } = await run({ script, request: { metadata: { repo: 'stub' } } });
    expect(terminal.text()).toContain('"id": "stub"');
    expect(terminal.text()).toContain('Metadata would be merged with {"seen":true}');
  });

  it('warns of records that are not as their model says, and fails on them with --validation', async () => {
    const script = sync(`  await nango.batchSave([{ id: 1, wrong: true }], 'Issue');`);
    const lenient = await run({ script });
    expect(lenient.ended).toBe('done');
    expect(lenient.terminal.text()).toMatch(/Invalid record of 'Issue' \(id 1\): .*must be string/);
    expect((await run({ script, request: { validation: true } })).ended).toContain('invalid_sync_record');
  });

  it('takes the input of a sync for what it is, the form of its metadata', async () => {
    const { ended, terminal } = await run({ script: sync(`  await nango.log('ran');`), settings: ', input: Issue', request: { validation: true } });
    expect(ended).toBe('done');
    expect(terminal.text()).toContain('[info] ran');
    const misused = { kind: 'actions' as const, script: action('  return input;'), settings: ', input: Issue', request: { validation: true } };
    expect((await run(misused)).ended).toContain('invalid_action_input');
  });

  it('keeps checkpoint and locks to itself, and shows what would be asked of the platform', async () => {
    const script = sync(`  const at = await nango.getCheckpoint<{ page: number }>();
  const locked = await nango.tryAcquireLock({ key: 'k', ttlMs: 1000 });
  await nango.saveCheckpoint({ page: (at?.page ?? 0) + 1 });
  await nango.startSync('github', ['issues::eu'], 'c2');
  await nango.trackDeletesStart('Issue');
  await nango.batchSave([{ id: String(locked) + JSON.stringify(await nango.getCheckpoint()) }], 'Issue');
  await nango.trackDeletesEnd('Issue');`);
    const { ended, terminal, seen } = await run({ script, request: { checkpoint: { page: 6 } } });
    expect(ended).toBe('done');
    expect(terminal.text()).toContain('The checkpoint would be {"page":7}');
    expect(terminal.text()).toContain('Would start issues::eu of c2');
    expect(terminal.text()).toContain('Would delete the records of Issue that were not saved');
    expect(seen.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('reads records and integration, and sees what it has saved itself', async () => {
    const script = sync(`  await nango.batchSave([{ id: '1', title: 'mine' }], 'Issue');
  await nango.batchDelete([{ id: '2' }], 'Issue');
  const known = await nango.getRecordsByIds<string, Issue>(['1', '2', '3'], 'Issue');
  await nango.log([...known.values()].map(({ id, title }) => id + title).join() + (await nango.getWebhookURL()));`);
    const { terminal, seen } = await run({
      script,
      request: { variant: 'eu' },
      reply: ({ path }) =>
        path === '/records'
          ? { body: { records: ['1', '2', '3'].map((id) => ({ id, title: 'old' })), next_cursor: null } }
          : path === '/integrations/github'
            ? { body: { data: { webhook_url: 'https://hook' } } }
            : null,
    });
    expect(terminal.text()).toContain('[info] 1mine,3oldhttps://hook');
    expect(seen.find(({ path }) => path === '/records')).toMatchObject({ query: { model: 'Issue', variant: 'eu' }, headers: { 'connection-id': 'c1' } });
  });

  it('merges updates as the platform does', async () => {
    const script = sync(`  await nango.batchSave([{ id: '1', title: 'a', deep: { x: 1, y: { z: 1, list: [1, 2] } } }], 'Issue');
  await nango.batchUpdate([{ id: '1', deep: { y: { list: [3] } } }], 'Issue');
  await nango.log(JSON.stringify((await nango.getRecordsByIds<string, Issue>(['1'], 'Issue')).get('1')));`);
    const { terminal } = await run({ script, reply: ({ path }) => (path === '/records' ? { body: { records: [], next_cursor: null } } : null) });
    expect(terminal.text()).toContain('[info] {"id":"1","title":"a","deep":{"x":1,"y":{"z":1,"list":[3]}}}');
  });

  it('runs the syncs that it triggers, but not itself again', async () => {
    const script = sync(`  await nango.log('running ' + nango.variant);
  await nango.triggerSync('github', 'c1', { name: 'issues', variant: 'eu' });
  await nango.triggerSync('github', 'c1', 'none');`);
    const { ended, terminal } = await run({ script });
    expect(ended).toBe('done');
    expect(terminal.text().match(/running (base|eu)/g)).toEqual(['running base', 'running eu']);
    expect(terminal.text()).toContain(`no sync 'none' of 'github'`);
  });

  it('names a model that the sync does not output', async () => {
    expect((await run({ script: sync(`  const model: string = 'Other';\n  await nango.batchSave([{ id: '1' }], model);`) })).ended).toMatch(
      /unknown_model: .*'Other'.*Issue/,
    );
  });
});

describe('a dry run of an action', () => {
  it('prints the output as JSON', async () => {
    const { terminal } = await run({ kind: 'actions', script: action(`  return { id: input.id };`), request: { input: { id: 'x' } } });
    expect(terminal.text()).toContain('{\n  "id": "x"\n}');
    expect((await run({ kind: 'actions', script: action(`  await nango.log('a');`) })).terminal.text()).toContain('no output');
  });

  it('sends bodies, and really triggers other actions', async () => {
    const script = action(`  const { data } = await nango.post<{ ok: boolean }>({ endpoint: '/close', data: { a: 1 } });
  return { id: String(data.ok) + (await nango.triggerAction('github', 'c2', 'other', { b: 2 })) };`);
    const { terminal, seen } = await run({ kind: 'actions', script, reply: closing });
    expect(terminal.text()).toContain('"id": "trueyes"');
    expect(seen.find(({ path }) => path === '/proxy/close')).toMatchObject({ method: 'POST', body: { a: 1 } });
    expect(seen.find(({ path }) => path === '/action/trigger')).toMatchObject({
      headers: { 'connection-id': 'c2' },
      body: { action_name: 'other', input: { b: 2 } },
    });
  });

  it('calls as the platform does: parameters after those of the endpoint, bodies of a GET', async () => {
    const script = action(`  await nango.get({ endpoint: '/close?a=1', params: { b: 2 }, data: { c: 3 } });
  await nango.get({ endpoint: '/close?a=1', params: 'b=3' });`);
    const { ended, seen } = await run({ kind: 'actions', script, reply: closing });
    expect(ended).toBe('done');
    expect(seen.filter(({ path }) => path === '/proxy/close').map(({ query, body }) => [query, body])).toEqual([
      [{ a: '1', b: '2' }, { c: 3 }],
      [{ a: '1', b: '3' }, null],
    ]);
  });

  it('tells an API that did not answer from one that answers with an error', async () => {
    const script = action(`  const seen = (endpoint: string) => nango.get({ endpoint }).catch((error) => [error.code, error.response?.status ?? null]);
  return { id: JSON.stringify([await seen('/gone'), await seen('/down')]) };`);
    const gone = { status: 502, body: { error: { code: 'upstream_unreachable', message: 'No answer', payload: { code: 'UND_ERR_SOCKET' } } } };
    const reply = ({ path }: Seen): Reply | null => (path === '/proxy/gone' ? gone : path === '/proxy/down' ? { status: 502, body: { error: 'down' } } : null);
    const { terminal } = await run({ kind: 'actions', script, reply });
    expect(terminal.text()).toContain(
      JSON.stringify(
        JSON.stringify([
          ['ECONNRESET', null],
          ['ERR_BAD_RESPONSE', 502],
        ]),
      ),
    );
  });

  it('fails with what the script threw', async () => {
    const { ended } = await run({ kind: 'actions', script: action(`  throw new nango.ActionError({ message: 'no', reason: 'because' });`) });
    expect(ended).toContain('The script failed: action_script_runtime_error: no');
    expect(ended).toContain('"reason":"because"');
  });

  it('hands on what an action that it triggers failed with, as the platform does', async () => {
    const refused = { status: 500, body: { error: { code: 'action_script_runtime_error', message: 'bad', payload: { reason: 1 } } } };
    const script = action(`  const { code, message, payload } = await nango.triggerAction('github', 'c1', 'other').catch((error) => error);
  return { id: [code, message, JSON.stringify(payload)].join() };`);
    const { terminal } = await run({ kind: 'actions', script, reply: ({ path }) => (path === '/action/trigger' ? refused : null) });
    expect(terminal.text()).toContain(JSON.stringify('action_script_runtime_error,bad,{"reason":1}'));
  });

  it("points at the author's line", async () => {
    const { ended } = await run({ kind: 'actions', script: action(`  const none = null as unknown as Issue;\n  return { id: none.id };`) });
    expect(ended).toContain('script_internal_error: Cannot read properties of null');
    expect(ended).toMatch(/at .*github\/actions\/issues\.ts:4:/);
  });

  it('fails with the answer of the external API', async () => {
    const { ended } = await run({ kind: 'actions', script: action(`  return (await nango.get({ endpoint: '/a' })).data;`), reply: teapot });
    expect(ended).toContain('script_http_error');
    expect(ended).toContain('418 {"error":"teapot"}');
  });
});

describe('a dry run that cannot begin', () => {
  it('names a connection that is unknown', async () => {
    expect((await run({ script: sync(''), reply: unknownConnection })).ended).toContain('404 unknown_connection: No such connection');
  });

  it('names a date that is none, and a script that does not compile', async () => {
    expect((await run({ script: sync(''), request: { lastSyncDate: 'soon' } })).ended).toContain(`'soon' is no date`);
    expect((await run({ script: sync(`  const n: number = 'a';`) })).ended).toContain('has to compile');
  });
});
