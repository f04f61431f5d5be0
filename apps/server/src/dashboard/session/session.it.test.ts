import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSignedInBrowser, type Browser } from '../../../test/dashboard.js';
import { aServer, type TestServer } from '../../../test/server.js';

describe('signing in to the dashboard', () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await aServer();
    browser = await aSignedInBrowser(server);
  });
  afterAll(() => server?.close());

  const signIn = (body: object, headers: Record<string, string> = {}) => server.ask('/api/v1/session', { as: null, method: 'POST', body, headers });

  it('answers who it is and which environments there are, and sets a cookie that scripts cannot read', async () => {
    const answer = await signIn({ ...server.user, email: 'ADA@example.com' });
    expect(answer.body).toEqual({ user: { email: 'ada@example.com', name: 'Ada' }, environments: [{ name: 'dev' }, { name: 'prod' }] });
    expect(answer.headers.get('set-cookie')).toMatch(/^nango_session=[\w-]{43}; Max-Age=1209600; Path=\/api; HttpOnly; SameSite=Strict$/);
    expect(JSON.stringify(await server.database.dashboardSession.findMany())).not.toContain(browser.cookie.split('=')[1]);
  });

  it('lasts until signing out', async () => {
    const other = await aSignedInBrowser(server);
    expect((await other.ask('/session')).body.user.email).toBe(server.user.email);
    expect((await other.ask('/session', { method: 'DELETE' })).status).toBe(204);
    expect((await other.ask('/session')).status).toBe(401);
    expect((await browser.ask('/session')).status).toBe(200);
  });

  it('ends by itself', async () => {
    const other = await aSignedInBrowser(server);
    await server.database.dashboardSession.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await other.ask('/session')).status).toBe(401);
    browser = await aSignedInBrowser(server);
  });

  it.each([
    ['a wrong password', () => ({ email: server.user.email, password: 'wrong' })],
    ['a name that nobody has', () => ({ email: 'eve@example.com', password: server.user.password })],
  ])('is refused with %s, in the same words', async (_, body) => {
    const answer = await signIn(body());
    expect([answer.status, answer.body.error]).toEqual([401, { code: 'unauthorized', message: 'The e-mail address or the password is wrong.' }]);
  });

  it('cannot be tried out', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 11; n += 1) statuses.push((await signIn({ email: 'mallory@example.com', password: `try ${n}` })).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });

  it('is refused without both fields', async () => {
    expect((await signIn({ email: 'a' })).body.error.code).toBe('invalid_body');
  });

  describe('is of no use to other sites', () => {
    it.each([
      ['another origin', { origin: 'https://evil.example' }],
      ['an opaque origin', { origin: 'null' }],
      ['another site', { 'sec-fetch-site': 'cross-site' }],
      ['a sibling site', { 'sec-fetch-site': 'same-site' }],
    ])('that ask from %s', async (_, headers) => {
      expect((await browser.ask('/environment?env=dev', { headers })).status).toBe(403);
      expect((await signIn(server.user, headers)).status).toBe(403);
    });

    it('that send a form', async () => {
      const answer = await browser.ask('/session', { method: 'POST', body: 'email=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
      expect(answer.status).toBe(415);
    });

    it('that ask for permission first', async () => {
      const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
      const answer = await server.ask('/api/v1/session', { as: null, method: 'OPTIONS', headers });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    });

    it('but is to the dashboard itself', async () => {
      expect((await browser.ask('/session', { headers: { origin: server.url, 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
    });
  });

  it.each(['/session', '/environment?env=dev', '/integrations?env=dev', '/connections?env=dev', '/operations?env=dev', '/providers'])(
    'is needed for %s, whatever the key',
    async (path) => {
      const answer = await server.ask(`/api/v1${path}`);
      expect([answer.status, answer.body.error.code]).toEqual([401, 'unauthorized']);
    },
  );

  it('opens the environments of the own account only, and wants one named', async () => {
    const stranger = await server.database.account.create({ data: { name: 'other' } });
    const environment = { accountId: stranger.id, name: 'staging', secretKeyHash: new Uint8Array([1]), secretKey: '', publicKey: crypto.randomUUID() };
    await server.database.environment.create({ data: environment });
    expect((await browser.ask('/connections?env=staging')).status).toBe(404);
    expect((await browser.ask('/connections')).body.error.code).toBe('invalid_query_params');
    expect((await browser.ask('/connections?env=dev&env=prod')).status).toBe(400);
  });
});
