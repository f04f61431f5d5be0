import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { aServer, type Ask, type TestServer } from '../../test/server.js';
import { aSyncFlow, deploy } from '../deploy/test/a-deploy.js';

describe('variants of a sync', () => {
  let server: TestServer;
  let key: string;
  let connection: { id: number };

  beforeAll(async () => {
    server = await aServer();
    const integration = await anIntegration(server);
    key = integration.uniqueKey;
    connection = await aConnection(server, { integrationId: integration.id, connectionId: 'c1' });
    await deploy(server, [aSyncFlow('tasks', key), { ...aSyncFlow('users', key), auto_start: false }]);
  });
  afterAll(() => server?.close());

  const ask = (method: 'POST' | 'DELETE', path: string, options: Ask = {}) =>
    server.ask(`/sync/${path}`, { method, body: { provider_config_key: key, connection_id: 'c1' }, ...options });
  const code = async (answer: ReturnType<typeof ask>) => {
    const { status, body } = await answer;
    return [status, body.error?.code];
  };
  const rows = (variant: string) => server.database.sync.findMany({ where: { connectionId: connection.id, variant } });

  it('are made beside the base, started as the script says, and once', async () => {
    const made = await ask('POST', 'tasks/variant/eu');
    expect([made.status, made.body]).toEqual([200, { id: expect.any(String), name: 'tasks', variant: 'eu' }]);
    expect(await rows('eu')).toMatchObject([{ id: made.body.id, state: 'started' }]);
    expect((await ask('POST', 'users/variant/eu')).status).toBe(200);
    expect((await rows('eu')).map(({ state }) => state).toSorted()).toEqual(['paused', 'started']);
    expect(await code(ask('POST', 'tasks/variant/eu'))).toEqual([400, 'sync_variant_already_exists']);
  });

  it('are triggered, paused and asked for by name::variant', async () => {
    await ask('POST', 'tasks/variant/us');
    const body = { provider_config_key: key, connection_id: 'c1', syncs: ['tasks::us'] };
    expect((await server.ask('/sync/trigger', { method: 'POST', body })).status).toBe(200);
    expect((await rows('us'))[0]?.triggerRequest).toEqual({});
    await server.ask('/sync/pause', { method: 'POST', body: { ...body, syncs: [{ name: 'tasks', variant: 'us' }] } });
    const status = await server.ask(`/sync/status?provider_config_key=${key}&connection_id=c1&syncs=tasks::us`);
    expect(status.body.syncs).toMatchObject([{ name: 'tasks', variant: 'us' }]);
  });

  it('show the checkpoint of their own, and lose it when they are made anew', async () => {
    await ask('POST', 'tasks/variant/kept');
    const [row] = await rows('kept');
    await server.database.checkpoint.create({
      data: { connectionId: connection.id, scriptId: row?.scriptId ?? 0, variant: 'kept', environmentId: server.environments.dev.id, value: { page: 3 } },
    });
    const checkpoint = async () => (await server.ask(`/sync/status?provider_config_key=${key}&connection_id=c1&syncs=tasks::kept`)).body.syncs[0]?.checkpoint;
    expect(await checkpoint()).toEqual({ page: 3 });
    expect((await ask('DELETE', 'tasks/variant/kept')).body).toEqual({ success: true });
    expect((await rows('kept'))[0]?.state).toBe('deleted');
    await ask('POST', 'tasks/variant/kept');
    expect((await rows('kept'))[0]?.state).toBe('started');
    expect(await checkpoint()).toBeNull();
  });

  it.each([
    ['POST', 'tasks/variant/base', 400, 'invalid_variant'],
    ['DELETE', 'tasks/variant/base', 400, 'invalid_variant'],
    ['POST', 'none/variant/eu', 404, 'unknown_sync'],
    ['DELETE', 'tasks/variant/none', 404, 'unknown_sync'],
    ['POST', 'tasks/variant/a%20b', 400, 'invalid_uri_params'],
  ] as const)('refuse %s %s', async (method, path, status, expected) => {
    expect(await code(ask(method, path))).toEqual([status, expected]);
  });

  it('are of nobody without a key, and not of another environment', async () => {
    expect((await ask('POST', 'tasks/variant/x', { as: null })).status).toBe(401);
    expect(await code(ask('POST', 'tasks/variant/x', { as: 'prod' }))).toEqual([400, 'unknown_provider_config']);
    expect(await code(ask('POST', 'tasks/variant/x', { body: { provider_config_key: key } }))).toEqual([400, 'invalid_body']);
  });

  it('are a hundred at most, with all other syncs of the connection', async () => {
    const [script] = await server.database.script.findMany({ where: { name: 'tasks' } });
    const standing = await server.database.sync.count({ where: { connectionId: connection.id, state: { not: 'deleted' } } });
    const data = Array.from({ length: 100 - standing }, (_, n) => ({
      environmentId: server.environments.dev.id,
      connectionId: connection.id,
      scriptId: script?.id ?? 0,
      variant: `v${n}`,
    }));
    await server.database.sync.createMany({ data });
    expect(await code(ask('POST', 'tasks/variant/last'))).toEqual([400, 'resource_capped']);
  });
});
