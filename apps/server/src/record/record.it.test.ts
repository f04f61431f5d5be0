import { RECORDS, type RecordStore } from 'database';
import type { LastAction, RecordPage } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { aServer, type Answer, type Ask, type TestServer } from '../../test/server.js';

describe('the records of a connection', () => {
  let server: TestServer;
  let headers: Record<string, string>;
  let store: RecordStore;
  let place: { environmentId: number; connectionId: number };

  beforeAll(async () => {
    server = await aServer();
    store = server.app.get<RecordStore>(RECORDS, { strict: false });
    const integration = await anIntegration(server);
    const connection = await aConnection(server, { integrationId: integration.id, connectionId: 'c1' });
    await aConnection(server, { integrationId: integration.id, connectionId: 'empty' });
    headers = { 'connection-id': 'c1', 'provider-config-key': integration.uniqueKey };
    place = { environmentId: server.environments.dev.id, connectionId: connection.id };
    const save = (operation: 'save' | 'delete', records: { id: string; name?: string }[], model = 'Task') =>
      store.save({ ...place, model, operation, records });
    await save(
      'save',
      [1, 2, 3, 4].map((n) => ({ id: `t${n}`, name: `task ${n}` })),
    );
    await save('save', [{ id: 't2', name: 'changed' }]);
    await save('delete', [{ id: 't3' }]);
    await save('save', [{ id: 'eu1' }], 'Task::eu');
  });
  afterAll(() => server?.close());

  const list = (query: string, ask: Ask = {}): Promise<Answer> => server.ask(`/records?${query}`, { ...ask, headers: { ...headers, ...ask.headers } });
  const idsOf = (answer: Answer): string[] => (answer.body as RecordPage).records.map(({ id }) => id);

  it('come oldest change first, each with its metadata', async () => {
    const answer = await list('model=Task');
    expect(answer.status).toBe(200);
    expect(idsOf(answer)).toEqual(['t1', 't4', 't2', 't3']);
    expect(answer.body.next_cursor).toBeNull();
    expect(answer.body.records.map((record: { _nango_metadata: { last_action: LastAction } }) => record._nango_metadata.last_action)).toEqual([
      'ADDED',
      'ADDED',
      'UPDATED',
      'DELETED',
    ]);
    expect(answer.body.records[0]).toEqual({
      id: 't1',
      name: 'task 1',
      _nango_metadata: {
        first_seen_at: expect.stringMatching(/\.\d{6}/),
        last_modified_at: expect.stringMatching(/\.\d{6}/),
        last_action: 'ADDED',
        deleted_at: null,
        pruned_at: null,
        cursor: expect.any(String),
      },
    });
  });

  it('come for a path with a slash at its end, as published SDKs write it', async () => {
    expect(idsOf(await server.ask('/records/?model=Task', { headers }))).toHaveLength(4);
  });

  it('come in pages, followed by the cursor of the page or of any record', async () => {
    const first = await list('model=Task&limit=2');
    const second = await list(`model=Task&limit=2&cursor=${encodeURIComponent(first.body.next_cursor)}`);
    expect([idsOf(first), idsOf(second), second.body.next_cursor]).toEqual([['t1', 't4'], ['t2', 't3'], null]);
    const last = second.body.records[1]._nango_metadata.cursor as string;
    expect(idsOf(await list(`model=Task&cursor=${encodeURIComponent(last)}`))).toEqual([]);
  });

  it.each([
    ['filter=added', ['t1', 't4']],
    ['filter=updated,deleted', ['t2', 't3']],
    ['ids=t1&ids=t3', ['t1', 't3']],
    ['ids[]=t4', ['t4']],
    ['variant=eu', ['eu1']],
    ['modified_after=2999-01-01T00:00:00Z', []],
    ['modified_after=2000-01-01', ['t1', 't4', 't2', 't3']],
    ['modified_after=2000-01-01&delta=2999-01-01T00:00:00Z', []],
    ['modified_after=2999-01-01T00:00:00.123456%2B23:00', []],
    ['modified_after=0000-01-01T00:00:00.123456Z', ['t1', 't4', 't2', 't3']],
  ])('are those of %s', async (query, ids) => {
    expect(idsOf(await list(`model=Task&${query}`))).toEqual(ids);
  });

  it('are those changed at a moment or after it, to the microsecond', async () => {
    const { body } = await list('model=Task');
    const moment = body.records[2]._nango_metadata.last_modified_at as string;
    expect(idsOf(await list(`model=Task&modified_after=${encodeURIComponent(moment)}`))).toEqual(['t2', 't3']);
  });

  it('are none for a model or connection without any', async () => {
    expect((await list('model=Other')).body).toEqual({ records: [], next_cursor: null });
    expect(idsOf(await list('model=Task', { headers: { 'connection-id': 'empty' } }))).toEqual([]);
  });

  it.each([
    ['invalid_query_params', ''],
    ['invalid_query_params', 'model=Task&limit=0'],
    ['invalid_query_params', 'model=Task&filter=gone'],
    ['invalid_query_params', 'model=Task&modified_after=2026-02-30T00:00:00Z'],
    ['invalid_query_params', 'model=Task&ids=%00'],
    ['invalid_query_params', 'model=Task&variant=%00'],
    ['invalid_cursor', 'model=Task&cursor=nonsense'],
    ['incorrect_param', 'model=Task&modifiedAfter=2026-01-01'],
    ['incorrect_param', 'model=Task&next_cursor=x'],
  ])('are refused with %s for %j', async (code, query) => {
    const answer = await list(query);
    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
  });

  it.each([
    ['unknown_connection', { 'connection-id': 'nobody' }],
    ['unknown_provider_config', { 'provider-config-key': 'nowhere' }],
    ['missing_connection_id', { 'connection-id': '' }],
    ['missing_provider_config_key', { 'provider-config-key': '' }],
  ] as [string, Record<string, string>][])('are refused with 400 %s', async (code, wrong) => {
    for (const path of ['/records', '/sync/records']) {
      const answer = await server.ask(`${path}?model=Task`, { headers: { ...headers, ...wrong } });
      expect([answer.status, answer.body.error.code]).toEqual([400, code]);
    }
  });

  it('are out of reach for another environment and without a key', async () => {
    expect((await list('model=Task', { as: 'prod' })).body.error.code).toBe('unknown_provider_config');
    expect((await list('model=Task', { as: null })).status).toBe(401);
  });

  describe('are pruned', () => {
    const prune = (body: unknown, ask: Ask = {}): Promise<Answer> => server.ask('/records/prune', { method: 'PATCH', headers, body, ...ask });
    const untilOf = async (): Promise<string> => (await list('model=Old')).body.records[1]._nango_metadata.cursor as string;
    beforeAll(() => store.save({ ...place, model: 'Old', operation: 'save', records: ['a', 'b', 'c'].map((id) => ({ id, name: id })) }));

    it('up to a cursor, so many at a time, and keep their ids', async () => {
      const until_cursor = await untilOf();
      expect((await prune({ model: 'Old', until_cursor, limit: 1 })).body).toEqual({ count: 1, has_more: true });
      expect((await prune({ model: 'Old', until_cursor })).body).toEqual({ count: 1, has_more: false });
      const { records } = (await list('model=Old')).body;
      expect(records[0]).toEqual({ id: 'a', _nango_metadata: expect.objectContaining({ pruned_at: expect.stringMatching(/\.\d{6}/), last_action: 'ADDED' }) });
      expect(records[2]).toMatchObject({ name: 'c', _nango_metadata: { pruned_at: null } });
    });

    it.each([
      ['invalid_body', { model: 'Old' }],
      ['invalid_body', { model: 'Old', until_cursor: 'x', limit: 10_001 }],
      ['invalid_cursor', { model: 'Old', until_cursor: 'x' }],
    ])('is refused as %s for %j', async (code, body) => {
      expect((await prune(body)).body.error.code).toBe(code);
    });

    it('by their own environment alone', async () => {
      const until_cursor = await untilOf();
      expect((await prune({ model: 'Old', until_cursor }, { as: 'prod' })).body.error.code).toBe('unknown_provider_config');
      expect((await prune({ model: 'Old', until_cursor }, { as: null })).status).toBe(401);
    });
  });

  describe('in the first era', () => {
    const listAll = (query: string, ask: Ask = {}): Promise<Answer> => server.ask(`/sync/records?${query}`, { headers, ...ask });

    it('are a bare array, last id first', async () => {
      const { status, body } = await listAll('model=Task');
      expect(status).toBe(200);
      expect(body.map((record: { id: string }) => record.id)).toEqual(['t4', 't3', 't2', 't1']);
      expect(Object.keys(body[0]._nango_metadata).toSorted()).toEqual(['deleted_at', 'first_seen_at', 'last_action', 'last_modified_at']);
    });

    it('stand inside their metadata when that is asked for', async () => {
      const { body } = await listAll('model=Task&include_nango_metadata=true&sort_by=id&order=asc&offset=1&limit=1');
      expect(body).toEqual([
        {
          first_seen_at: expect.any(String),
          last_modified_at: expect.any(String),
          deleted_at: null,
          last_action: 'UPDATED',
          record: { id: 't2', name: 'changed' },
        },
      ]);
    });

    it('are refused without a model and without a key', async () => {
      expect((await listAll('')).body.error.code).toBe('missing_model');
      expect((await listAll('model=Task', { as: null })).status).toBe(401);
    });
  });
});
