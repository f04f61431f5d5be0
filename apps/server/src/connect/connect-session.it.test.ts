import { hashKey } from 'credentials';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { type Ask, aServer, type TestServer } from '../../test/server.js';

const endUser = { id: 'user-1', email: 'ada@example.com', display_name: 'Ada' };

describe('a connect session', () => {
  let server: TestServer;
  let key: string;
  beforeAll(async () => {
    server = await aServer();
    key = (await anIntegration(server)).uniqueKey;
  });
  afterAll(() => server?.close());

  const open = (body: object, ask: Ask = {}) => server.ask('/connect/sessions', { method: 'POST', body, ...ask });
  const reopen = (body: object, ask: Ask = {}) => server.ask('/connect/sessions/reconnect', { method: 'POST', body, ...ask });
  const aToken = async (body: object = {}): Promise<string> => (await open({ end_user: endUser, ...body })).body.data.token;
  const by = (token: string, path: string, ask: Ask = {}) => server.ask(path, { ...ask, as: null, headers: { authorization: `Bearer ${token}` } });
  const end = (token: string) =>
    server.database.connectSession.update({ where: { tokenHash: new Uint8Array(hashKey(token)) }, data: { expiresAt: new Date(Date.now() - 1_000) } });

  describe('is opened', () => {
    it('for half an hour, with a link to the connect page', async () => {
      const { status, body } = await open({ end_user: endUser, allowed_integrations: [key] });
      expect(status).toBe(201);
      expect(body.data.token).toMatch(/^nango_connect_session_[0-9a-f]{64}$/);
      expect(body.data.connect_link).toMatch(new RegExp(`^http://localhost:\\d+/connect-ui/\\?session_token=${body.data.token}$`));
      const lastsMs = new Date(body.data.expires_at).getTime() - Date.now();
      expect(lastsMs).toBeGreaterThan(29 * 60_000);
      expect(lastsMs).toBeLessThanOrEqual(30 * 60_000);
    });

    it('and leaves only the hash of its token behind', async () => {
      const token = await aToken();
      const rows = await server.database.connectSession.findMany();
      expect(JSON.stringify(rows)).not.toContain(token.slice(-64));
      expect(rows.some(({ tokenHash }) => hashKey(token).equals(tokenHash))).toBe(true);
    });

    it('for tags instead of an end user, whose keys become lower case', async () => {
      const token = await aToken({ end_user: undefined, tags: { Team: 'red' } });
      expect((await by(token, '/connect/session')).body.data.tags).toEqual({ team: 'red' });
    });

    it.each([
      ['nobody', {}],
      ['an end user without an id', { end_user: { email: 'a@example.com' } }],
      ['an end user with half an address', { end_user: { id: 'a', email: 'nowhere' } }],
      ['a tag that holds half an address', { tags: { end_user_email: 'nowhere' } }],
      ['eleven tags', { tags: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`t${n}`, 'x'])) }],
      ['no integration at all', { end_user: endUser, allowed_integrations: [] }],
      ['an unknown field', { end_user: endUser, allowed: [] }],
      ['help at an address that is a script', { end_user: endUser, overrides: { x: { docs_connect: 'javascript:alert(1)' } } }],
    ])('for %s never', async (_, body) => {
      const answer = await open(body);
      expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_body']);
    });

    it('never for integrations that are not there, or are in the other environment', async () => {
      const foreign = await anIntegration(server, { environment: 'prod' });
      const answer = await open({ end_user: endUser, allowed_integrations: [key, 'nowhere', foreign.uniqueKey], overrides: { none: {} } });
      expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_body']);
      expect(answer.body.error.errors.map(({ path }: { path: unknown }) => path)).toEqual([
        ['allowed_integrations', 1],
        ['allowed_integrations', 2],
        ['overrides', 'none'],
      ]);
    });

    it('by nobody without a secret key', async () => {
      expect((await open({ end_user: endUser }, { as: null })).status).toBe(401);
      expect((await by(await aToken(), '/connect/sessions', { method: 'POST', body: { end_user: endUser } })).body.error.code).toBe(
        'invalid_secret_key_format',
      );
    });
  });

  describe('for a connection that is there', () => {
    it('is for its integration alone and names it', async () => {
      const { id } = await anIntegration(server, { uniqueKey: 'again' });
      const { connectionId } = await aConnection(server, { integrationId: id });
      const { status, body } = await reopen({ connection_id: connectionId, integration_id: 'again' });
      expect(status).toBe(201);
      expect((await by(body.data.token, '/connect/session')).body.data).toMatchObject({ connection_id: connectionId, allowed_integrations: ['again'] });
    });

    it('ends with the connection', async () => {
      const { id, uniqueKey } = await anIntegration(server);
      const { connectionId } = await aConnection(server, { integrationId: id });
      const { token } = (await reopen({ connection_id: connectionId, integration_id: uniqueKey })).body.data;
      await server.ask(`/connection/${connectionId}?provider_config_key=${uniqueKey}`, { method: 'DELETE' });
      expect((await by(token, '/connect/session')).body.error.code).toBe('unknown_connect_session_token');
    });

    it('is refused when connection or integration are not there, in this environment', async () => {
      const foreign = await anIntegration(server, { environment: 'prod' });
      const { connectionId } = await aConnection(server, { environment: 'prod', integrationId: foreign.id });
      const codes = [
        await reopen({ connection_id: 'nobody', integration_id: key }),
        await reopen({ connection_id: 'nobody', integration_id: 'nowhere' }),
        await reopen({ connection_id: connectionId, integration_id: foreign.uniqueKey }),
        await reopen({ integration_id: key }),
        await reopen({ connection_id: 'nobody', integration_id: key }, { as: null }),
      ].map(({ status, body }) => [status, body.error.code]);
      expect(codes).toEqual([
        [404, 'unknown_connection'],
        [400, 'unknown_provider_config'],
        [400, 'unknown_provider_config'],
        [400, 'invalid_body'],
        [401, 'missing_auth_header'],
      ]);
    });
  });

  describe('lets an end user', () => {
    it('see what it is for', async () => {
      const token = await aToken({ allowed_integrations: [key], organization: { id: 'org', display_name: 'Org' } });
      const { status, body } = await by(token, '/connect/session');
      expect([status, body.data]).toEqual([
        200,
        {
          end_user: endUser,
          organization: { id: 'org', display_name: 'Org' },
          allowed_integrations: [key],
          connection_id: null,
          expires_at: expect.any(String),
        },
      ]);
    });

    it('see its integrations, those of the environment when it names none, and never the other environment’s', async () => {
      const other = await anIntegration(server);
      const foreign = await anIntegration(server, { environment: 'prod' });
      const keys = async (token: string): Promise<string[]> =>
        (await by(token, '/integrations')).body.data.map(({ unique_key }: { unique_key: string }) => unique_key);
      expect(await keys(await aToken({ allowed_integrations: [key] }))).toEqual([key]);
      const all = await keys(await aToken());
      expect(all).toEqual(expect.arrayContaining([key, other.uniqueKey]));
      expect(all).not.toContain(foreign.uniqueKey);
    });

    it('see providers, and nothing else of the API', async () => {
      const token = await aToken();
      expect((await by(token, '/providers/github')).body.data.name).toBe('github');
      expect((await by(token, '/providers')).status).toBe(200);
      for (const path of [`/integrations/${key}?include=credentials`, '/connections', '/environment-variables', '/records?model=A'])
        expect((await by(token, path)).body.error.code).toBe('invalid_secret_key_format');
    });

    it('end it', async () => {
      const token = await aToken();
      expect((await by(token, '/connect/session', { method: 'DELETE' })).status).toBe(204);
      expect((await by(token, '/connect/session')).body.error.code).toBe('unknown_connect_session_token');
    });
  });

  it.each(['/connect/session', '/integrations', '/providers'])('that has ended opens %s no longer', async (path) => {
    const token = await aToken();
    await end(token);
    const answer = await by(token, path);
    expect([answer.status, answer.body.error.code]).toEqual([401, 'unknown_connect_session_token']);
  });

  it('is forgotten after its end, when the next one is opened', async () => {
    const token = await aToken();
    await end(token);
    await aToken();
    expect(await server.database.connectSession.findUnique({ where: { tokenHash: new Uint8Array(hashKey(token)) } })).toBeNull();
  });

  it('is asked for by its token and nothing else', async () => {
    expect((await server.ask('/connect/session')).body.error.code).toBe('invalid_connect_session_token_format');
    expect((await server.ask('/connect/session', { as: null })).body.error.code).toBe('missing_auth_header');
    expect((await by(`nango_connect_session_${'0'.repeat(64)}`, '/connect/session')).body.error.code).toBe('unknown_connect_session_token');
  });

  it('has a link to where the operator says the page is', async () => {
    const elsewhere = await aServer({ NANGO_PUBLIC_CONNECT_URL: 'https://connect.example.com/', NANGO_SERVER_URL: 'https://api.example.com' });
    try {
      const { body } = await elsewhere.ask('/connect/sessions', { method: 'POST', body: { end_user: endUser } });
      expect(body.data.connect_link).toBe(`https://connect.example.com/?session_token=${body.data.token}&apiURL=https%3A%2F%2Fapi.example.com`);
    } finally {
      await elsewhere.close();
    }
  });
});
