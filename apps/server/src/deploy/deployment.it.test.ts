import { listen, POOL, type Pool } from 'database';
import { channels } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { aServer, type TestServer } from '../../test/server.js';
import { anActionFlow, anEventScript, aSyncFlow, deploy, modelOf, plan } from './test/a-deploy.js';

describe('a deploy', () => {
  let server: TestServer;
  let key: string;
  let connection: { id: number };

  beforeAll(async () => {
    server = await aServer();
    const integration = await anIntegration(server);
    key = integration.uniqueKey;
    connection = await aConnection(server, { integrationId: integration.id });
  });
  afterAll(() => server?.close());

  const syncsOf = (name: string) => server.database.sync.findMany({ where: { script: { name } }, orderBy: { createdAt: 'asc' } });
  const scripts = () => server.database.script.findMany({ where: { activeVersionId: { not: null } }, select: { name: true, type: true } });

  it('stores scripts and answers what was deployed', async () => {
    const answer = await deploy(server, [aSyncFlow('tasks', key), anActionFlow('greet', key)], {
      onEventScriptsByProvider: [{ providerConfigKey: key, scripts: [anEventScript('welcome')] }],
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual([
      expect.objectContaining({
        name: 'tasks',
        syncName: 'tasks',
        sync_name: 'tasks',
        providerConfigKey: key,
        type: 'sync',
        version: '1',
        models: [modelOf('tasks')],
      }),
      expect.objectContaining({ name: 'greet', type: 'action', version: '1' }),
      expect.objectContaining({ name: 'welcome', type: 'on-event', version: '1' }),
    ]);
    const version = await server.database.scriptVersion.findFirstOrThrow({ where: { script: { name: 'tasks' } } });
    expect(version).toMatchObject({
      intervalMs: 3_600_000,
      endpoints: [{ method: 'GET', path: '/tasks', group: null }],
      description: 'Fetches tasks',
      scopes: ['read'],
    });
    const bundle = await server.database.bundle.findFirstOrThrow({ where: { hash: version.bundleHash } });
    expect(bundle.code).toBe("exports.default = async () => 'tasks'");
    expect(await server.database.scriptVersion.findFirst({ where: { events: { has: 'post-connection-creation' } } })).not.toBeNull();
  });

  it('makes syncs for the connections that are there, paused where the script does not start by itself', async () => {
    await deploy(server, [aSyncFlow('started', key), aSyncFlow('waiting', key, { auto_start: false })]);
    expect(await syncsOf('started')).toMatchObject([{ connectionId: connection.id, state: 'started', variant: 'base' }]);
    expect(await syncsOf('waiting')).toMatchObject([{ state: 'paused' }]);
  });

  it('leaves an unchanged script as it is, and counts a changed one up', async () => {
    const flows = (js: string) => [aSyncFlow('same', key), aSyncFlow('other', key, { fileBody: { js, ts: '' } })];
    const first = await deploy(server, flows('1'));
    const [before] = await syncsOf('same');
    const second = await deploy(server, flows('2'));
    expect([first.body[0].version, first.body[1].version, second.body[0].version, second.body[1].version]).toEqual(['1', '1', '1', '2']);
    expect(second.body[0].last_deployed).toBe(first.body[0].last_deployed);
    expect(await syncsOf('same')).toEqual([before]);
  });

  it('takes the version that the manifest gives', async () => {
    const { body } = await deploy(server, [aSyncFlow('versioned', key, { version: '1.2.3' })]);
    expect(body[0].version).toBe('1.2.3');
    const next = await deploy(server, [aSyncFlow('versioned', key, { fileBody: { js: 'changed', ts: '' } })]);
    expect(next.body[0].version).toBe('1.2.4');
  });

  it('takes intervals of a month', async () => {
    expect((await deploy(server, [aSyncFlow('monthly', key, { runs: 'every month' })])).status).toBe(200);
    expect(await server.database.scriptVersion.findFirst({ where: { script: { name: 'monthly' } } })).toMatchObject({ intervalMs: 2_592_000_000 });
  });

  it('has schedules follow a changed interval, except those with one of their own', async () => {
    const { id: integrationId } = await server.database.integration.findFirstOrThrow({ where: { uniqueKey: key } });
    await aConnection(server, { integrationId });
    await deploy(server, [aSyncFlow('rhythm', key)]);
    const [own, usual] = await syncsOf('rhythm');
    await server.database.sync.update({ where: { id: own?.id ?? '' }, data: { frequencyMs: 60_000 } });
    await deploy(server, [aSyncFlow('rhythm', key, { runs: 'every day' })]);
    const after = new Map((await syncsOf('rhythm')).map((sync) => [sync.id, sync.scheduleRevision]));
    expect([after.get(own?.id ?? ''), after.get(usual?.id ?? '')]).toEqual([own?.scheduleRevision, (usual?.scheduleRevision ?? 0) + 1]);
  });

  it('tells the orchestrator of new syncs when it is done', async () => {
    const told: string[] = [];
    const subscription = await listen(server.app.get<Pool>(POOL), channels.syncSchedule, (id) => told.push(id));
    await deploy(server, [aSyncFlow('announced', key)]);
    const ids = (await syncsOf('announced')).map(({ id }) => id);
    await expect.poll(() => ids.every((id) => told.includes(id)) && ids.length > 0).toBe(true);
    await subscription.close();
  });

  it('removes what is absent with its syncs, and takes it up again from the start when it comes back', async () => {
    await deploy(server, [aSyncFlow('kept', key), aSyncFlow('dropped', key)]);
    await server.database.sync.updateMany({ where: { script: { name: 'dropped' } }, data: { lastSyncDate: new Date() } });
    await deploy(server, [aSyncFlow('kept', key)]);
    expect((await scripts()).map(({ name }) => name)).toEqual(['kept']);
    expect((await syncsOf('dropped')).map(({ state }) => state)).toEqual(expect.arrayContaining(['deleted']));
    await deploy(server, [aSyncFlow('kept', key), aSyncFlow('dropped', key)]);
    expect((await syncsOf('dropped')).every(({ state, lastSyncDate, deletedAt }) => state === 'started' && !lastSyncDate && !deletedAt)).toBe(true);
  });

  it('removes nothing when it deploys one script alone, or does not reconcile', async () => {
    const events = { onEventScriptsByProvider: [{ providerConfigKey: key, scripts: [anEventScript('hello')] }] };
    await deploy(server, [aSyncFlow('first', key)], events);
    await deploy(server, [aSyncFlow('second', key)], { singleDeployMode: true, onEventScriptsByProvider: undefined });
    await deploy(server, [aSyncFlow('third', key)], { reconcile: false });
    expect((await scripts()).map(({ name }) => name).toSorted()).toEqual(['first', 'hello', 'second', 'third']);
  });

  it('leaves nothing behind when it fails in its middle', async () => {
    await deploy(server, [aSyncFlow('before', key)]);
    const counts = async () => [
      await server.database.deployment.count(),
      await server.database.scriptVersion.count(),
      await server.database.bundle.count(),
      await server.database.sync.count(),
    ];
    const before = await counts();
    await server.database.$executeRaw`alter table script_version add constraint no_evil check (version <> '666')`;
    const answer = await deploy(server, [aSyncFlow('good', key), aSyncFlow('bad', key, { version: '666' }), aSyncFlow('after', key)]);
    expect([answer.status, answer.body.error.code]).toEqual([500, 'server_error']);
    expect(await counts()).toEqual(before);
    expect((await scripts()).map(({ name }) => name)).toEqual(['before']);
  });

  it('is refused while another one of the environment is under way', async () => {
    const pool = server.app.get<Pool>(POOL);
    const other = await pool.connect();
    await other.query('begin');
    await other.query('select pg_advisory_xact_lock(7001, $1)', [server.environments.dev.id]);
    const refused = await deploy(server, [aSyncFlow('late', key)]);
    const elsewhere = await deploy(server, [], { as: 'prod' });
    await other.query('rollback');
    other.release();
    expect([refused.status, refused.body.error.code, elsewhere.status]).toEqual([409, 'concurrent_deployment', 200]);
  });

  it('misses no connection that is made at the same time', async () => {
    const { id: integrationId } = await server.database.integration.findFirstOrThrow({ where: { uniqueKey: key } });
    const pool = server.app.get<Pool>(POOL);
    const client = await pool.connect();
    await client.query('begin');
    const { rows } = await client.query<{ id: number }>(
      `insert into connection (environment_id, integration_id, connection_id, credentials, updated_at) values ($1, $2, 'in-flight', '', now()) returning id`,
      [server.environments.dev.id, integrationId],
    );
    const deployed = deploy(server, [aSyncFlow('raced', key)]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await client.query('commit');
    client.release();
    expect((await deployed).status).toBe(200);
    expect((await syncsOf('raced')).map(({ connectionId }) => connectionId)).toContain(rows[0]?.id);
  });

  it('is refused for an integration of another environment, naming it', async () => {
    const theirs = await anIntegration(server, { environment: 'prod' });
    const answer = await deploy(server, [aSyncFlow('tasks', theirs.uniqueKey)]);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'unknown_provider_config']);
    expect(answer.body.error.message).toContain(theirs.uniqueKey);
  });

  it.each([
    ['sync_interval_too_short', { runs: 'every 5s' }],
    ['sync_interval_invalid', { runs: 'now and then' }],
  ])('is refused with %s, naming the script', async (code, change) => {
    const answer = await deploy(server, [aSyncFlow('hasty', key, change)]);
    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
    expect(answer.body.error.message).toContain('hasty');
  });

  it('is refused without a body, without a key and from an old CLI', async () => {
    const body = { flowConfigs: 7 };
    expect((await server.ask('/sync/deploy', { method: 'POST', body })).body.error).toMatchObject({
      code: 'invalid_body',
      errors: [{ path: ['flowConfigs'] }],
    });
    expect((await deploy(server, [], { as: null })).status).toBe(401);
    const old = await server.ask('/sync/deploy', {
      method: 'POST',
      body: { flowConfigs: [] },
      headers: { 'user-agent': 'nango-cli/0.38.0 (linux/6; node.js/v18)' },
    });
    expect(old.body.error.code).toBe('cli_too_old');
  });

  it('deletes nothing of another environment', async () => {
    const theirs = await anIntegration(server, { environment: 'prod' });
    await deploy(server, [aSyncFlow('theirs', theirs.uniqueKey)], { as: 'prod' });
    await deploy(server, []);
    expect((await scripts()).map(({ name }) => name)).toEqual(['theirs']);
  });
});

describe('the plan of a deploy', () => {
  let server: TestServer;
  let key: string;

  beforeAll(async () => {
    server = await aServer();
    const integration = await anIntegration(server);
    key = integration.uniqueKey;
    await aConnection(server, { integrationId: integration.id });
    const onEventScriptsByProvider = [{ providerConfigKey: key, scripts: [anEventScript('welcome')] }];
    await deploy(server, [aSyncFlow('old', key), aSyncFlow('kept', key), anActionFlow('greet', key)], { onEventScriptsByProvider });
  });
  afterAll(() => server?.close());

  it('says what comes and what goes, with the connections it concerns, and changes nothing', async () => {
    const versions = await server.database.scriptVersion.count();
    const onEventScriptsByProvider = [{ providerConfigKey: key, scripts: [anEventScript('bye', 'pre-connection-deletion')] }];
    const { status, body } = await plan(server, [aSyncFlow('kept', key), aSyncFlow('new', key), anActionFlow('wave', key)], { onEventScriptsByProvider });
    expect(status).toBe(200);
    expect(body).toEqual({
      newSyncs: [{ name: 'new', providerConfigKey: key, auto_start: true, connections: 1 }],
      deletedSyncs: [{ id: expect.any(Number), name: 'old', providerConfigKey: key, auto_start: true, connections: 1, enabled: true }],
      newActions: [expect.objectContaining({ name: 'wave' })],
      deletedActions: [expect.objectContaining({ name: 'greet' })],
      newOnEventScripts: [{ name: 'bye', providerConfigKey: key, event: 'pre-connection-deletion' }],
      deletedOnEventScripts: [{ name: 'welcome', providerConfigKey: key, event: 'post-connection-creation' }],
      deletedModels: [modelOf('old')],
      modelChanges: [],
    });
    expect(await server.database.scriptVersion.count()).toBe(versions);
  });

  it('says what it changes of models, and where', async () => {
    const name = modelOf('shaped');
    const schemaOf = (...fields: string[]) => ({
      definitions: { [name]: { type: 'object', properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])), required: fields } },
    });
    const shaped = (js: string) => [aSyncFlow('shaped', key, { fileBody: { js, ts: '' } })];
    await deploy(server, shaped('1'), { singleDeployMode: true, jsonSchema: schemaOf('id', 'title') });
    const { body } = await plan(server, shaped('2'), { singleDeployMode: true, jsonSchema: schemaOf('id', 'owner') });
    expect(body.modelChanges).toEqual([
      { providerConfigKey: key, model: name, use: 'output', kind: 'breaking', path: `${name}.title`, message: 'is gone' },
      { providerConfigKey: key, model: name, use: 'output', kind: 'additive', path: `${name}.owner`, message: 'is new' },
    ]);
  });

  it('takes one script at two moments, as one version, and says which moments come and go', async () => {
    const integration = await anIntegration(server);
    const providerConfigKey = integration.uniqueKey;
    const events = (...names: string[]) => ({ onEventScriptsByProvider: [{ providerConfigKey, scripts: names.map((event) => anEventScript('both', event)) }] });
    const [made, going, judged] = ['post-connection-creation', 'pre-connection-deletion', 'validate-connection'];
    expect((await deploy(server, [], { ...events(made, going), reconcile: false })).body).toMatchObject([{ name: 'both', type: 'on-event', version: '1' }]);
    const entry = (event: string) => ({ name: 'both', providerConfigKey, event });
    const ofThis = (list: { providerConfigKey: string }[]) => list.filter((script) => script.providerConfigKey === providerConfigKey);
    const { body } = await plan(server, [], events(judged, made));
    expect([ofThis(body.newOnEventScripts), ofThis(body.deletedOnEventScripts)]).toEqual([[entry(judged)], [entry(going)]]);
    const config = (await server.ask('/scripts/config')).body.find((scripts: { providerConfigKey: string }) => scripts.providerConfigKey === providerConfigKey);
    expect(config['on-events']).toMatchObject([{ event: made }, { event: going }]);
    const twins = [anEventScript('both', made), { ...anEventScript('both', going), fileBody: { js: 'exports.default = async () => 2', ts: '' } }];
    const refused = await deploy(server, [], { onEventScriptsByProvider: [{ providerConfigKey, scripts: twins }], reconcile: false });
    expect([refused.status, refused.body.error.code]).toEqual([400, 'invalid_deploy']);
  });

  it('removes nothing for a script alone, whose events are not spoken of', async () => {
    const { body } = await plan(server, [aSyncFlow('new', key)], { singleDeployMode: true, onEventScriptsByProvider: undefined });
    expect(body).toMatchObject({ deletedSyncs: [], deletedActions: [], deletedOnEventScripts: [], deletedModels: [] });
    expect(body.newSyncs).toHaveLength(1);
  });

  it('is refused for an unknown integration and without a key', async () => {
    expect((await plan(server, [aSyncFlow('new', 'nowhere')])).body.error.code).toBe('unknown_provider_config');
    expect((await plan(server, [], { as: null })).status).toBe(401);
  });
});
