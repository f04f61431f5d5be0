import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { aServer, type TestServer } from '../../test/server.js';

describe('metadata of connections', () => {
  let server: TestServer;
  let key: string;
  let integrationId: number;
  beforeAll(async () => {
    server = await aServer();
    ({ id: integrationId, uniqueKey: key } = await anIntegration(server));
  });
  afterAll(() => server?.close());

  const made = async () => (await aConnection(server, { integrationId, metadata: { old: 'value' } })).connectionId;
  const metadataOf = async (id: string) => (await server.ask(`/connection?connectionId=${id}`)).body.connections[0].metadata;
  const write = (method: string, connection_id: unknown, metadata: unknown, path = '/connection/metadata') =>
    server.ask(path, { method, body: { connection_id, provider_config_key: key, metadata } });

  describe.each(['/connection/metadata', '/connections/metadata'])('through %s', (path) => {
    it('is replaced by POST, which answers 201 with the body', async () => {
      const id = await made();
      const answer = await write('POST', id, { a: { deep: 1 } }, path);
      expect([answer.status, answer.body]).toEqual([201, { connection_id: id, provider_config_key: key, metadata: { a: { deep: 1 } } }]);
      expect(await metadataOf(id)).toEqual({ a: { deep: 1 } });
    });

    it('is merged at its top level by PATCH, which answers 200', async () => {
      const id = await made();
      await write('POST', id, { a: { deep: 1 }, b: 1 }, path);
      const answer = await write('PATCH', id, { a: { other: 2 }, c: null }, path);
      expect(answer.status).toBe(200);
      expect(await metadataOf(id)).toEqual({ a: { other: 2 }, b: 1, c: null });
    });
  });

  it('is written to several connections at once', async () => {
    const ids = [await made(), await made()];
    expect((await write('PATCH', [...ids, ids[0]], { both: true })).status).toBe(200);
    for (const id of ids) expect(await metadataOf(id)).toEqual({ old: 'value', both: true });
  });

  it('is written to none of several when one is not there', async () => {
    const id = await made();
    const answer = await write('POST', [id, 'nobody'], { both: true });
    expect([answer.status, answer.body.error.code]).toEqual([404, 'unknown_connection']);
    expect(answer.body.error.message).toContain('nobody');
    expect(await metadataOf(id)).toEqual({ old: 'value' });
  });

  it('keeps both of two merges at the same time', async () => {
    const id = await made();
    await Promise.all([write('PATCH', id, { a: 1 }), write('PATCH', id, { b: 2 })]);
    expect(await metadataOf(id)).toEqual({ old: 'value', a: 1, b: 2 });
  });

  it('is the body itself in the first era’s routes', async () => {
    const id = await made();
    const headers = { 'provider-config-key': key };
    expect((await server.ask(`/connection/${id}/metadata`, { method: 'POST', headers, body: { a: 1 } })).status).toBe(201);
    expect((await server.ask(`/connection/${id}/metadata`, { method: 'PATCH', headers, body: { b: 2 } })).body).toEqual({ b: 2 });
    expect(await metadataOf(id)).toEqual({ a: 1, b: 2 });
    expect((await server.ask(`/connection/${id}/metadata`, { method: 'POST', body: {} })).body.error.code).toBe('missing_provider_config_key');
  });

  it.each([
    ['no object', 'c', 5],
    ['a list', 'c', [1]],
    ['no connection', undefined, {}],
    ['an empty list of connections', [], {}],
  ])('is refused with %s', async (_, id, metadata) => {
    const answer = await write('POST', id, metadata);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_body']);
  });

  it.each([
    ['a NUL character', '\0'],
    ['half a character', '\ud800'],
  ])('is refused with %s in it, which no database keeps', async (_, text) => {
    const id = await made();
    for (const method of ['POST', 'PATCH']) {
      const answer = await write(method, id, { a: [text] });
      expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_body']);
    }
    expect((await server.ask(`/connections/${id}?provider_config_key=${key}`, { method: 'PATCH', body: { tags: { a: text } } })).status).toBe(400);
    expect(await metadataOf(id)).toEqual({ old: 'value' });
  });

  it('of another environment cannot be written', async () => {
    const theirs = await anIntegration(server, { environment: 'prod', uniqueKey: 'theirs' });
    const { connectionId, id } = await aConnection(server, { environment: 'prod', integrationId: theirs.id });
    const answer = await server.ask('/connection/metadata', {
      method: 'POST',
      body: { connection_id: connectionId, provider_config_key: 'theirs', metadata: { a: 1 } },
    });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'unknown_provider_config']);
    expect((await server.database.connection.findUniqueOrThrow({ where: { id } })).metadata).toEqual({});
  });

  it('is written by nobody without a key', async () => {
    expect((await server.ask('/connection/metadata', { as: null, method: 'POST', body: {} })).status).toBe(401);
  });
});
