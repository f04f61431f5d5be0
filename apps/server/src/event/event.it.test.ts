import { freePort } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { anIntegration } from '../../test/builders.js';
import { type Answer, aServer, type TestServer } from '../../test/server.js';
import { aScriptWorker } from '../action/test/a-script-worker.js';
import { anEventScript, aSyncFlow, deploy } from '../deploy/test/a-deploy.js';
import { aWorkflowWorker } from './test/a-workflow-worker.js';

type Integration = { id: number; uniqueKey: string };

/** An integration with these scripts, each named after what it does. */
async function anIntegrationWith(server: TestServer, scripts: [name: string, event: string][]): Promise<Integration> {
  const integration = await anIntegration(server);
  const { uniqueKey: providerConfigKey } = integration;
  const onEventScriptsByProvider = [{ providerConfigKey, scripts: scripts.map(([name, event]) => anEventScript(name, event)) }];
  const { status, body } = await deploy(server, [aSyncFlow(`sync-${providerConfigKey}`, providerConfigKey)], { onEventScriptsByProvider, reconcile: false });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return integration;
}

const connect = (server: TestServer, { uniqueKey }: Integration, connectionId: string): Promise<Answer> =>
  server.ask(`/api-auth/api-key/${uniqueKey}?public_key=${server.environments.dev.publicKey}&connection_id=${connectionId}`, {
    as: null,
    method: 'POST',
    body: { apiKey: 'pasted' },
  });
const importConnection = (server: TestServer, { uniqueKey }: Integration, connectionId: string): Promise<Answer> =>
  server.ask('/connection', { method: 'POST', body: { provider_config_key: uniqueKey, connection_id: connectionId, api_key: 'k' } });
const remove = (server: TestServer, { uniqueKey }: Integration, connectionId: string): Promise<Answer> =>
  server.ask(`/connection/${connectionId}?provider_config_key=${uniqueKey}`, { method: 'DELETE' });
const living = (server: TestServer, connectionId: string) => server.database.connection.findFirst({ where: { connectionId, deletedAt: null } });
/** Runs of event scripts by script name. */
const runs = async (server: TestServer, connectionId: string): Promise<[string | null, string][]> => {
  const operations = await server.database.operation.findMany({ where: { kind: 'event', connectionId }, orderBy: { startedAt: 'asc' } });
  return operations.map(({ script, status }) => [script, status]);
};

describe('scripts at the moments of a connection', () => {
  let server: TestServer;
  const stops: (() => Promise<void>)[] = [];
  let slow: PromiseWithResolvers<void>;
  // The player sees no script's name: the order in which a test starts them tells.
  let play: () => Promise<'well' | 'badly'> = async () => 'well';

  beforeAll(async () => {
    server = await aServer();
    const scripts = await aScriptWorker(server, async () =>
      (await play()) === 'well'
        ? { kind: 'succeeded' }
        : { kind: 'failed', error: { code: 'action_script_runtime_error', message: 'This account is too small', payload: { seats: 1 } } },
    );
    stops.push(scripts.stop, (await aWorkflowWorker(server)).stop);
    slow = Promise.withResolvers();
  });
  afterAll(async () => {
    await Promise.all(stops.map((stop) => stop()));
    await server?.close();
  });
  const playing = async <T>(how: typeof play, work: () => Promise<T>): Promise<T> => {
    play = how;
    return work().finally(() => (play = async () => 'well'));
  };

  it('run once a connection is made, by import or in a browser, not when it gets a new credential', async () => {
    const integration = await anIntegrationWith(server, [['welcome', 'post-connection-creation']]);
    expect((await importConnection(server, integration, 'imported')).status).toBe(201);
    expect((await importConnection(server, integration, 'imported')).status).toBe(201);
    expect((await connect(server, integration, 'in-a-browser')).status).toBe(200);
    for (const connectionId of ['imported', 'in-a-browser']) await expect.poll(() => runs(server, connectionId)).toEqual([['welcome', 'success']]);
  });

  it('run before a connection is deleted, which waits for them', async () => {
    const integration = await anIntegrationWith(server, [['farewell', 'pre-connection-deletion']]);
    await importConnection(server, integration, 'going');
    const answer = await playing(
      async () => (await slow.promise, 'well'),
      async () => {
        const deletion = remove(server, integration, 'going');
        await expect.poll(() => runs(server, 'going')).toEqual([['farewell', 'running']]);
        expect(await living(server, 'going')).not.toBeNull();
        slow.resolve();
        return deletion;
      },
    );
    expect([answer.status, answer.body]).toEqual([200, { success: true, revocation: 'unsupported' }]);
    expect(await living(server, 'going')).toBeNull();
    expect(await runs(server, 'going')).toEqual([['farewell', 'success']]);
  });

  it('run once for a connection that two want to delete', async () => {
    const integration = await anIntegrationWith(server, [['farewell', 'pre-connection-deletion']]);
    await importConnection(server, integration, 'twice');
    const answers = await Promise.all([remove(server, integration, 'twice'), remove(server, integration, 'twice')]);
    expect(answers.map(({ status }) => status)).toContain(200);
    expect(await runs(server, 'twice')).toEqual([['farewell', 'success']]);
  });

  it('that fail before a deletion are logged and keep nothing', async () => {
    const integration = await anIntegrationWith(server, [['farewell', 'pre-connection-deletion']]);
    await importConnection(server, integration, 'stubborn');
    expect(
      (
        await playing(
          async () => 'badly',
          () => remove(server, integration, 'stubborn'),
        )
      ).status,
    ).toBe(200);
    expect(await living(server, 'stubborn')).toBeNull();
    expect(await runs(server, 'stubborn')).toEqual([['farewell', 'failed']]);
  });

  it('accept a connection that is made in a browser, of which nobody hears before', async () => {
    const integration = await anIntegrationWith(server, [
      ['judge', 'validate-connection'],
      ['welcome', 'post-connection-creation'],
    ]);
    const verdict = Promise.withResolvers<void>();
    const answer = await playing(
      async () => (await verdict.promise, 'well'),
      async () => {
        const made = connect(server, integration, 'candidate');
        await expect.poll(() => runs(server, 'candidate')).toEqual([['judge', 'running']]);
        expect((await server.ask('/connection?connectionId=candidate')).body.connections).toEqual([]);
        const { id } = (await living(server, 'candidate'))!; // it waits for its verdict
        expect(await server.database.sync.count({ where: { connectionId: id } })).toBe(0);
        verdict.resolve();
        return made;
      },
    );
    expect([answer.status, answer.body]).toEqual([200, { providerConfigKey: integration.uniqueKey, connectionId: 'candidate' }]);
    expect((await server.ask('/connection?connectionId=candidate')).body.connections).toHaveLength(1);
    const { id } = (await living(server, 'candidate'))!; // it was accepted
    expect(await server.database.sync.count({ where: { connectionId: id } })).toBe(1);
    await expect
      .poll(() => runs(server, 'candidate'))
      .toEqual([
        ['judge', 'success'],
        ['welcome', 'success'],
      ]);
  });

  it('refuse a connection that is made in a browser: 400, and nothing is left of it', async () => {
    const integration = await anIntegrationWith(server, [
      ['judge', 'validate-connection'],
      ['welcome', 'post-connection-creation'],
    ]);
    const answer = await playing(
      async () => 'badly',
      () => connect(server, integration, 'refused'),
    );
    expect([answer.status, answer.body.error]).toEqual([
      400,
      { code: 'connection_validation_failed', message: 'This account is too small', payload: { seats: 1 } },
    ]);
    expect(await living(server, 'refused')).toBeNull();
    const row = await server.database.connection.findFirstOrThrow({ where: { connectionId: 'refused' } });
    expect(row.credentials).toBe('');
    expect(await runs(server, 'refused')).toEqual([['judge', 'failed']]);
    expect((await connect(server, integration, 'refused')).status).toBe(200);
  });

  it('refuse a new credential for a connection: it is what it was, unless somebody changed or deleted it meanwhile', async () => {
    const integration = await anIntegrationWith(server, [['judge', 'validate-connection']]);
    await server.database.environment.update({ where: { id: server.environments.dev.id }, data: { publicKeyMayReconnect: true } });
    const refusedWhile = async (connectionId: string, meanwhile: () => Promise<unknown>) => {
      await importConnection(server, integration, connectionId);
      await server.database.connection.updateMany({ where: { connectionId }, data: { endUser: { id: 'ada' }, credentialRenewAt: new Date('2030-01-01') } });
      const { id: _, ...before } = (await living(server, connectionId))!; // it was imported
      const change = async (): Promise<'badly'> => (await meanwhile(), 'badly');
      expect((await playing(change, () => connect(server, integration, connectionId))).status).toBe(400);
      return before;
    };
    const before = await refusedWhile('again', async () => undefined);
    const { credentials, endUser, credentialRenewAt, connectionConfig } = before;
    expect(await living(server, 'again')).toMatchObject({ credentials, endUser, credentialRenewAt, connectionConfig, credentialVersion: 3 });

    await refusedWhile('gone', () =>
      server.database.connection.updateMany({ where: { connectionId: 'gone' }, data: { deletedAt: new Date(), credentials: '' } }),
    );
    expect(await server.database.connection.findFirst({ where: { connectionId: 'gone' } })).toMatchObject({ credentials: '', deletedAt: expect.any(Date) });

    await refusedWhile('newer', () => importConnection(server, integration, 'newer'));
    expect(await living(server, 'newer')).toMatchObject({ credentialVersion: 3 });
  });

  it('have no say about a connection that is imported', async () => {
    const integration = await anIntegrationWith(server, [['judge', 'validate-connection']]);
    expect(
      (
        await playing(
          async () => 'badly',
          () => importConnection(server, integration, 'trusted'),
        )
      ).status,
    ).toBe(201);
    expect(await runs(server, 'trusted')).toEqual([]);
  });

  it('may be one script at several moments', async () => {
    const integration = await anIntegrationWith(server, [
      ['both', 'pre-connection-deletion'],
      ['both', 'post-connection-creation'],
    ]);
    await importConnection(server, integration, 'of-one-script');
    await expect.poll(() => runs(server, 'of-one-script')).toEqual([['both', 'success']]);
    expect((await remove(server, integration, 'of-one-script')).status).toBe(200);
    expect(await runs(server, 'of-one-script')).toEqual([
      ['both', 'success'],
      ['both', 'success'],
    ]);
  });
});

describe('a connection whose scripts cannot run', () => {
  let server: TestServer;
  let worker: { stop(): Promise<void> };
  beforeAll(async () => {
    server = await aServer();
    worker = await aWorkflowWorker(server);
  });
  afterAll(async () => {
    await worker?.stop();
    await server?.close();
  });

  it.runIf(inject('long'))('is deleted, and refused in a browser, after half a minute without a runner', async () => {
    const integration = await anIntegrationWith(server, [
      ['farewell', 'pre-connection-deletion'],
      ['judge', 'validate-connection'],
    ]);
    await importConnection(server, integration, 'c1');
    const startedAt = Date.now();
    const [deletion, made] = await Promise.all([remove(server, integration, 'c1'), connect(server, integration, 'c2')]);
    expect(Date.now() - startedAt).toBeLessThan(45_000);
    expect(deletion.status).toBe(200);
    expect([made.status, made.body.error.code]).toEqual([400, 'connection_validation_failed']);
    expect(await living(server, 'c2')).toBeNull();
  });
});

describe('a connection while Temporal is away', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer({ TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` });
  });
  afterAll(() => server?.close());

  it('is made, with the runs of its scripts waiting for the sweep; and is deleted', async () => {
    const integration = await anIntegrationWith(server, [
      ['welcome', 'post-connection-creation'],
      ['farewell', 'pre-connection-deletion'],
    ]);
    expect((await importConnection(server, integration, 'c1')).status).toBe(201);
    expect(await server.database.execution.findMany({ select: { kind: true, status: true } })).toEqual([{ kind: 'event', status: 'queued' }]);
    expect((await remove(server, integration, 'c1')).status).toBe(200);
  });
});

describe('the product is told of a connection', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server?.close());
  const told = async () => (await server.database.outboxEvent.findMany({ orderBy: { createdAt: 'asc' } })).map(({ url, body }) => [url, JSON.parse(body)]);
  const settle = (body: object) => server.ask('/environment/webhooks', { method: 'PATCH', body });

  it('when it is made and that is wanted, always when it has a new credential, never without an address', async () => {
    const { uniqueKey } = await anIntegration(server);
    const end_user = { id: 'u1', email: 'u@example.com', organization: { id: 'o1' }, tags: { team: 'red' } };
    const make = (connection_id: string) =>
      server.ask('/connections', {
        method: 'POST',
        body: { provider_config_key: uniqueKey, connection_id, credentials: { type: 'API_KEY', apiKey: 'hidden' }, tags: { a: 'b' }, end_user },
      });
    await settle({ on_auth_creation: true });
    await make('before');
    expect(await told()).toEqual([]);
    await settle({ primary_url: 'https://one.example', secondary_url: 'https://two.example' });
    await make('made');
    await settle({ on_auth_creation: false });
    await make('not-told');
    await make('not-told');
    const about = {
      from: 'nango',
      type: 'auth',
      authMode: 'API_KEY',
      providerConfigKey: uniqueKey,
      provider: 'private-api-bearer',
      environment: 'dev',
      success: true,
    };
    const person = { tags: { a: 'b' }, endUser: { endUserId: 'u1', endUserEmail: 'u@example.com', organizationId: 'o1', tags: { team: 'red' } } };
    const made = { ...about, ...person, connectionId: 'made', operation: 'creation' };
    const renewed = { ...about, ...person, connectionId: 'not-told', operation: 'override' };
    const events = await told();
    expect(events).toHaveLength(4);
    expect(events).toEqual(
      expect.arrayContaining([
        ['https://one.example', made],
        ['https://two.example', made],
        ['https://one.example', renewed],
        ['https://two.example', renewed],
      ]),
    );
    expect(JSON.stringify(events)).not.toContain('hidden');
  });
});
