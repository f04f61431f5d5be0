import { DELETIONS, type DeletionStore, POOL, type Pool, RECORDS, type RecordStore, transaction } from 'database';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aConnection, anIntegration, aSync, aSyncScript } from '../../test/builders.js';
import { aServer, type Answer, type TestServer } from '../../test/server.js';

describe('deletions of what a run did not find', () => {
  let server: TestServer;
  let place: { environmentId: number; connectionId: number };
  let target: string;
  let id: string;
  let integrationId: number;

  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server?.close());

  beforeEach(async () => {
    const integration = await anIntegration(server);
    integrationId = integration.id;
    const connection = await aConnection(server, { integrationId: integration.id, connectionId: 'c1' });
    place = { environmentId: server.environments.dev.id, connectionId: connection.id };
    target = `provider_config_key=${integration.uniqueKey}&connection_id=c1`;
    id = await aHeldDeletion();
  });

  async function aHeldDeletion(syncId: string | null = null): Promise<string> {
    const [pool, records, deletions] = [
      server.app.get<Pool>(POOL, { strict: false }),
      server.app.get<RecordStore>(RECORDS, { strict: false }),
      server.app.get<DeletionStore>(DELETIONS, { strict: false }),
    ];
    await records.save({ ...place, model: 'Task', operation: 'save', records: [{ id: 'a' }, { id: 'b' }] });
    const executionId = randomUUID();
    await pool.query(
      `insert into execution (id, environment_id, kind, status, connection_id, script_version_id, operation_id) values ($1, $2, 'sync', 'running', $3, 1, $4)`,
      [executionId, place.environmentId, place.connectionId, randomUUID()],
    );
    const verdict = await transaction(pool, (client) => deletions.endRun(client, { ...place, model: 'Task', executionId, syncId }));
    return verdict.kind === 'held' ? verdict.deletionId : '';
  }

  const list = (query = target): Promise<Answer> => server.ask(`/sync/deletions?${query}`);
  const decide = (what: string, as: 'dev' | 'prod' | null = 'dev'): Promise<Answer> => server.ask(`/sync/deletions/${id}/${what}`, { method: 'POST', as });
  const counts = async (): Promise<Record<string, number>> =>
    server.app.get<RecordStore>(RECORDS, { strict: false }).counts(place.environmentId, place.connectionId);

  it('are listed with their size, by state', async () => {
    const { status, body } = await list(`${target}&state=held`);
    expect(status).toBe(200);
    expect(body.deletions).toEqual([
      expect.objectContaining({ id, connection_id: 'c1', model: 'Task', state: 'held', reason: 'all', missing: 2, existing: 2, share: 1, undo_until: null }),
    ]);
    expect((await list(`${target}&state=applied`)).body.deletions).toEqual([]);
    expect((await list('')).body.deletions.map((deletion: { id: string }) => deletion.id)).toContain(id);
  });

  it('are applied, and undone', async () => {
    expect((await decide('apply')).body).toMatchObject({ state: 'applied', deleted: 2, undo_until: expect.any(String) });
    expect(await counts()).toEqual({ Task: 0 });
    expect((await decide('apply')).body.error.code).toBe('deletion_decided');
    expect((await decide('undo')).body).toMatchObject({ restored: 2, deletion: { state: 'undone' } });
    expect(await counts()).toEqual({ Task: 2 });
  });

  it('are told of at every webhook URL of the environment, when something has changed', async () => {
    const told = async (): Promise<unknown[]> =>
      (await server.database.outboxEvent.findMany({ where: { environmentId: place.environmentId }, orderBy: { createdAt: 'asc' } })).map(({ url, body }) => [
        url,
        JSON.parse(body),
      ]);
    const script = await aSyncScript(server, { integrationId });
    const { id: syncId } = await aSync(server, { connectionId: place.connectionId, scriptId: script.id });
    id = await aHeldDeletion(syncId);
    await decide('apply');
    expect(await told()).toEqual([]);
    const urls = { primary_url: 'https://a.example/hook', secondary_url: 'https://b.example/hook' };
    await server.ask('/environment/webhooks', { method: 'PATCH', body: urls });
    await decide('undo');
    const body = { type: 'sync', syncName: script.name, connectionId: 'c1', model: 'Task', responseResults: { added: 2, updated: 0, deleted: 0 } };
    expect(await told()).toEqual(expect.arrayContaining(Object.values(urls).map((url) => [url, expect.objectContaining(body)])));
    id = await aHeldDeletion(syncId);
    await server.app.get<RecordStore>(RECORDS, { strict: false }).drop(place);
    await decide('apply');
    await server.ask('/environment/webhooks', { method: 'PATCH', body: { primary_url: '', secondary_url: '' } });
    expect(await told()).toHaveLength(2);
  });

  it('are dropped', async () => {
    expect((await decide('drop')).body).toMatchObject({ state: 'dropped', deleted: 0 });
    expect((await decide('undo')).status).toBe(409);
    expect(await counts()).toEqual({ Task: 2 });
  });

  it.each(['apply', 'drop', 'undo'])('are out of reach for another environment and without a key: %s', async (what) => {
    expect((await decide(what, 'prod')).body.error.code).toBe('unknown_deletion');
    expect((await decide(what, null)).status).toBe(401);
    expect(await counts()).toEqual({ Task: 2 });
  });

  it('are not listed for half a connection, or for nobody', async () => {
    expect((await list('connection_id=c1')).body.error.code).toBe('invalid_query_params');
    expect((await list(`${target}x`)).status).toBe(400);
    expect((await server.ask('/sync/deletions', { as: 'prod' })).body).toEqual({ deletions: [] });
    expect((await server.ask('/sync/deletions/no-uuid/apply', { method: 'POST' })).status).toBe(400);
    expect((await decide('constructor')).status).toBe(400);
  });
});
