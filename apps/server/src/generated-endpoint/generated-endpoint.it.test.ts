import { RECORDS, type RecordStore } from 'database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { aServer, type Answer, type Ask, type TestServer } from '../../test/server.js';
import { aScriptWorker } from '../action/test/a-script-worker.js';
import { anActionFlow, aSyncFlow, deploy } from '../deploy/test/a-deploy.js';

describe('a generated endpoint', () => {
  let server: TestServer;
  let worker: Awaited<ReturnType<typeof aScriptWorker>>;
  let headers: Record<string, string>;

  beforeAll(async () => {
    server = await aServer();
    const { id: integrationId, uniqueKey } = await anIntegration(server);
    const connection = await aConnection(server, { integrationId, connectionId: 'c1' });
    headers = { 'connection-id': 'c1', 'provider-config-key': uniqueKey };
    const get = (path: string) => ({ method: 'GET', path, group: null });
    await deploy(server, [
      aSyncFlow('issues', uniqueKey, { models: ['Issue', 'Comment'], endpoints: [get('/issues'), get('/issues/comments')] }),
      anActionFlow('create', uniqueKey, { endpoints: [{ method: 'POST', path: '/issues' }] }),
      anActionFlow('show', uniqueKey, { endpoints: [get('/issues/{Issue:id}')] }),
      anActionFlow('off', uniqueKey, { endpoints: [{ method: 'DELETE', path: '/issues' }] }),
    ]);
    await server.database.script.updateMany({ where: { name: 'off' }, data: { enabled: false } });
    const store = server.app.get<RecordStore>(RECORDS, { strict: false });
    const place = { environmentId: server.environments.dev.id, connectionId: connection.id, operation: 'save' as const };
    await store.save({ ...place, model: 'Issue', records: [{ id: 'i1' }, { id: 'i2' }] });
    await store.save({ ...place, model: 'Comment', records: [{ id: 'k1' }] });
    worker = await aScriptWorker(server, (input) => ({ kind: 'succeeded', output: { input } }));
  });
  afterAll(async () => {
    await worker?.stop();
    await server?.close();
  });

  const call = (path: string, ask: Ask = {}): Promise<Answer> => server.ask(`/v1${path}`, { ...ask, headers: { ...headers, ...ask.headers } });

  it('of an action runs it with the body as its input', async () => {
    const answer = await call('/issues', { method: 'POST', body: { title: 'New' } });
    expect([answer.status, answer.body]).toEqual([200, { input: { title: 'New' } }]);
  });

  it('of an action without a body takes the values of path and query', async () => {
    expect((await call('/issues/42?full=true')).body).toEqual({ input: { id: '42', full: 'true' } });
  });

  it('of a sync lists the records of its model', async () => {
    const ids = async (path: string) => (await call(path)).body.records.map(({ id }: { id: string }) => id);
    expect(await ids('/issues')).toEqual(['i1', 'i2']);
    expect(await ids('/issues?limit=1')).toEqual(['i1']);
    expect(await ids('/issues/comments')).toEqual(['k1']);
  });

  it.each([
    [404, 'not_found', 'GET', '/nothing', {}],
    [404, 'not_found', 'PUT', '/issues', {}],
    [404, 'not_found', 'DELETE', '/issues', {}],
    [404, 'not_found', 'GET', '/issues', { 'provider-config-key': 'nowhere' }],
    [400, 'unknown_connection', 'GET', '/issues', { 'connection-id': 'nobody' }],
    [400, 'unknown_connection', 'POST', '/issues', { 'connection-id': 'nobody' }],
    [400, 'missing_connection_id', 'GET', '/issues', { 'connection-id': '' }],
    [400, 'invalid_query_params', 'GET', '/issues?limit=none', {}],
  ] as [number, string, string, string, Record<string, string>][])('answers %d %s to %s %s', async (status, code, method, path, wrong) => {
    const answer = await call(path, { method, headers: wrong });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('is out of reach for another environment and without a key', async () => {
    expect((await call('/issues', { as: 'prod' })).status).toBe(404);
    expect((await call('/issues', { as: null })).status).toBe(401);
  });
});
