import { openCredentials } from 'credentials';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSyncScript, anIntegration } from '../../test/builders.js';
import { aServer, type TestServer } from '../../test/server.js';

describe('importing a connection', () => {
  let server: TestServer;
  let keys: Record<'apiKey' | 'basic' | 'oauth2' | 'none', string>;
  beforeAll(async () => {
    server = await aServer();
    const key = async (provider: string) => (await anIntegration(server, { provider })).uniqueKey;
    keys = { apiKey: await key('private-api-bearer'), basic: await key('private-api-basic'), oauth2: await key('github'), none: await key('unauthenticated') };
  });
  afterAll(() => server?.close());

  const stored = async (connectionId: string) => {
    const row = await server.database.connection.findFirstOrThrow({ where: { connectionId, deletedAt: null } });
    return { ...row, credentials: await openCredentials(server.vault, row, row.credentials) };
  };
  const importFlat = (body: object) => server.ask('/connection', { method: 'POST', body });
  const create = (body: object) => server.ask('/connections', { method: 'POST', body });

  describe('in the flat form', () => {
    it('answers 201 with the body, and keeps the key sealed', async () => {
      const body = {
        provider_config_key: keys.apiKey,
        connection_id: 'flat-key',
        api_key: 'hidden-key',
        metadata: { a: 1 },
        connection_config: { baseUrl: 'https://a.example' },
      };
      const answer = await importFlat(body);
      expect([answer.status, answer.body]).toEqual([201, body]);
      expect(await stored('flat-key')).toMatchObject({
        credentials: { type: 'API_KEY', apiKey: 'hidden-key' },
        metadata: { a: 1 },
        connectionConfig: { baseUrl: 'https://a.example' },
      });
      expect(JSON.stringify(await server.database.connection.findMany())).not.toContain('hidden-key');
    });

    it('takes a user name and a password', async () => {
      await importFlat({ provider_config_key: keys.basic, connection_id: 'flat-basic', username: 'u', password: 'p' });
      expect((await stored('flat-basic')).credentials).toEqual({ type: 'BASIC', username: 'u', password: 'p' });
    });

    it('takes tokens with their expiry', async () => {
      const body = { provider_config_key: keys.oauth2, connection_id: 'flat-oauth', access_token: 'a', refresh_token: 'r', expires_at: '2030-01-01T00:00:00Z' };
      expect((await importFlat(body)).status).toBe(201);
      const { credentials, credentialExpiresAt } = await stored('flat-oauth');
      expect(credentials).toMatchObject({ type: 'OAUTH2', access_token: 'a', refresh_token: 'r', expires_at: new Date('2030-01-01T00:00:00Z') });
      expect(credentialExpiresAt).toEqual(new Date('2030-01-01T00:00:00Z'));
    });

    it('takes null for what is not there', async () => {
      const body = { provider_config_key: keys.oauth2, access_token: 'a', refresh_token: null, expires_in: 60, metadata: null, connection_config: null };
      const answer = await server.ask('/connection', { method: 'POST', body: { ...body, connection_id: null } });
      expect([answer.status, answer.body.connection_id]).toEqual([201, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
      expect((await server.ask('/connection', { method: 'POST', body: { ...body, access_token: null } })).body.error.code).toBe('missing_access_token');
    });

    it('takes tokens that never expire', async () => {
      expect((await importFlat({ provider_config_key: keys.oauth2, connection_id: 'for-ever', access_token: 'a', no_expiration: true })).status).toBe(201);
      expect((await stored('for-ever')).credentialExpiresAt).toBeNull();
    });

    it('takes nothing for an API that asks for nothing', async () => {
      expect((await importFlat({ provider_config_key: keys.none, connection_id: 'open' })).status).toBe(201);
      expect((await stored('open')).credentials).toEqual({ type: 'NONE' });
    });

    it('names a connection that has no name', async () => {
      const { body } = await importFlat({ provider_config_key: keys.apiKey, api_key: 'k' });
      expect((await stored(body.connection_id)).credentials).toEqual({ type: 'API_KEY', apiKey: 'k' });
    });

    it.each([
      ['missing_provider_config_key', () => ({ api_key: 'k' })],
      ['unknown_provider_config', () => ({ provider_config_key: 'nowhere', api_key: 'k' })],
      ['missing_api_key', () => ({ provider_config_key: keys.apiKey })],
      ['missing_basic_username', () => ({ provider_config_key: keys.basic, password: 'p' })],
      ['missing_access_token', () => ({ provider_config_key: keys.oauth2, no_expiration: true })],
      ['missing_expires_at', () => ({ provider_config_key: keys.oauth2, access_token: 'a' })],
      ['invalid_body', () => ({ provider_config_key: keys.oauth2, access_token: 'a', expires_at: 'tomorrow' })],
      ['invalid_body', () => ({ provider_config_key: keys.apiKey, api_key: 'k', connection_id: 'with#hash' })],
    ])('is refused with %s', async (code, body) => {
      const answer = await importFlat(body());
      expect([answer.status, answer.body.error.code]).toEqual([400, code]);
    });

    it('knows nothing of another environment’s integrations', async () => {
      const { uniqueKey } = await anIntegration(server, { environment: 'prod' });
      expect((await importFlat({ provider_config_key: uniqueKey, api_key: 'k' })).body.error.code).toBe('unknown_provider_config');
    });

    it('is for nobody without a key', async () => {
      expect((await server.ask('/connection', { as: null, method: 'POST', body: {} })).status).toBe(401);
    });
  });

  describe('with the credential as an object', () => {
    it('answers 201 with the whole connection, without the refresh token', async () => {
      const credentials = { type: 'OAUTH2', access_token: 'a', refresh_token: 'hidden-refresh', expires_in: 3600 };
      const body = {
        provider_config_key: keys.oauth2,
        connection_id: 'whole',
        credentials,
        tags: { Team: 'red' },
        end_user: { id: 'u1', email: 'u@example.com' },
      };
      const answer = await create(body);
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({
        id: expect.any(Number),
        connection_id: 'whole',
        provider_config_key: keys.oauth2,
        provider: 'github',
        errors: [],
        metadata: {},
        connection_config: {},
        tags: { team: 'red' },
        end_user: { id: 'u1', email: 'u@example.com' },
        last_fetched_at: null,
        credentials: { type: 'OAUTH2', access_token: 'a' },
      });
      expect(JSON.stringify(answer.body)).not.toContain('hidden-refresh');
      expect((await stored('whole')).credentials).toMatchObject({ refresh_token: 'hidden-refresh' });
    });

    it('is refused with fields that nobody knows', async () => {
      const body = { provider_config_key: keys.apiKey, credentials: { type: 'API_KEY', apiKey: 'k' }, connectionId: 'c' };
      const answer = await server.ask('/connections', { method: 'POST', body });
      expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_body']);
    });

    it('is refused where the kind of credential is another one', async () => {
      const answer = await create({ provider_config_key: keys.apiKey, credentials: { type: 'BASIC', username: 'u' } });
      expect([answer.status, answer.body.error.code]).toEqual([400, 'wrong_auth_mode']);
    });

    it.each([{ 'not a key': 'x' }, { a: '' }, Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`t${n}`, 'x']))])(
      'is refused with tags like %j',
      async (tags) => {
        const answer = await create({ provider_config_key: keys.apiKey, credentials: { type: 'API_KEY', api_key: 'k' }, tags });
        expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_body']);
      },
    );
  });

  it('again gives the same connection a new credential and keeps the rest', async () => {
    const first = await create({
      provider_config_key: keys.apiKey,
      connection_id: 'again',
      credentials: { type: 'API_KEY', apiKey: 'one' },
      metadata: { kept: true },
      tags: { a: 'b' },
    });
    await server.database.connectionError.create({
      data: { environmentId: server.environments.dev.id, connectionId: first.body.id, type: 'auth', operationId: crypto.randomUUID() },
    });
    const second = await create({ provider_config_key: keys.apiKey, connection_id: 'again', credentials: { type: 'API_KEY', apiKey: 'two' } });
    expect(second.body).toMatchObject({ id: first.body.id, metadata: { kept: true }, tags: { a: 'b' }, errors: [] });
    expect(await stored('again')).toMatchObject({ credentials: { apiKey: 'two' }, credentialVersion: 2 });
  });

  it('at the same time from two callers makes one connection', async () => {
    const body = { provider_config_key: keys.apiKey, connection_id: 'at-once', api_key: 'k' };
    const answers = await Promise.all([importFlat(body), importFlat(body), importFlat(body)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await server.database.connection.count({ where: { connectionId: 'at-once' } })).toBe(1);
  });

  it('gives a new connection the syncs of its integration, started or paused as their scripts say', async () => {
    const integration = await anIntegration(server);
    const other = await anIntegration(server);
    await aSyncScript(server, { integrationId: integration.id, name: 'at-once' });
    await aSyncScript(server, { integrationId: integration.id, name: 'by-hand', autoStart: false });
    await aSyncScript(server, { integrationId: other.id, name: 'not-ours' });
    const { body } = await create({ provider_config_key: integration.uniqueKey, credentials: { type: 'API_KEY', apiKey: 'k' } });
    const syncs = await server.database.sync.findMany({
      where: { connectionId: body.id },
      select: { state: true, scheduleRevision: true, appliedRevision: true, script: { select: { name: true } } },
    });
    expect(syncs).toEqual(
      expect.arrayContaining([
        { state: 'started', scheduleRevision: 1, appliedRevision: 0, script: { name: 'at-once' } },
        { state: 'paused', scheduleRevision: 1, appliedRevision: 0, script: { name: 'by-hand' } },
      ]),
    );
    expect(syncs).toHaveLength(2);
  });
});
