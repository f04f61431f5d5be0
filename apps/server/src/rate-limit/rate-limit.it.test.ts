import { listen, type Pool, POOL } from 'database';
import { channels } from 'model';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { aSignedInBrowser } from '../../test/dashboard.js';
import { aServer, type TestServer } from '../../test/server.js';

describe('rate limits', () => {
  let server: TestServer;
  let key: string;
  let integrationId: number;
  beforeAll(async () => {
    server = await aServer();
    ({ id: integrationId, uniqueKey: key } = await anIntegration(server));
  });
  afterAll(() => server?.close());

  const setting = { requests: 100, per_seconds: 60 };
  const aPath = async () => {
    const { id, connectionId } = await aConnection(server, { integrationId });
    return { id, path: `/connections/${connectionId}/rate-limit?provider_config_key=${key}` };
  };
  const budget = (ownerId: number, scope: string, state: object) =>
    server.database.rateBudget.create({
      data: {
        environmentId: server.environments.dev.id,
        scope,
        ownerId,
        state: { limits: [], blockedUntil: 0, answered: 0, refused: null, slices: {}, ...state },
      },
    });

  describe('of a connection', () => {
    it('are nothing until something is set or learned', async () => {
      expect(await server.ask((await aPath()).path)).toMatchObject({ status: 200, body: { data: { setting: null, integration_setting: null, budgets: [] } } });
    });

    it('are set, told, and taken back, and the proxies hear of it', async () => {
      const { path } = await aPath();
      expect(await server.ask(path, { method: 'PUT', body: { ...setting, burst: 5 } })).toMatchObject({
        status: 200,
        body: { data: { setting: { ...setting, burst: 5 } } },
      });
      expect((await server.ask(path)).body.data.setting).toEqual({ ...setting, burst: 5 });
      expect((await server.ask(path, { method: 'DELETE' })).body.data.setting).toBeNull();
    });

    it('show what the proxies have learned, of it and of its whole integration', async () => {
      const { id, path } = await aPath();
      const limit = {
        name: 'default',
        source: 'headers',
        capacity: 100,
        perSecond: 0,
        level: 40,
        at: Date.now(),
        resetsAt: Date.now() + 60_000,
        windowMs: 60_000,
      };
      await budget(id, 'connection', { limits: [limit] });
      await budget(integrationId, 'integration', { blockedUntil: Date.now() + 60_000 });
      const { budgets } = (await server.ask(path)).body.data;
      expect(budgets).toMatchObject([
        { counts: 'connection', limits: [{ learned_from: 'headers', limit: 100, remaining: 40, resets_at: expect.any(String) }], blocked_until: null },
        { counts: 'integration', limits: [], blocked_until: expect.any(String) },
      ]);
      await server.database.rateBudget.deleteMany({ where: { scope: 'integration', ownerId: integrationId } });
    });

    it.each(['PUT', 'DELETE'])('end at once the pause that the API has asked for, and what was concluded from it: %s', async (method) => {
      const [{ id, path }, other] = [await aPath(), await aPath()];
      const at = Date.now();
      const limit = { capacity: 5, perSecond: 0, level: 0, at, resetsAt: at + 60_000, windowMs: 60_000 };
      const limits = [
        { ...limit, name: 'refusals', source: 'refusals' },
        { ...limit, name: 'default', source: 'headers' },
      ];
      const refused = { blockedUntil: at + 60_000, refused: { at, until: at + 60_000, answered: 0, pauseMs: 60_000 }, limits };
      for (const owner of [id, other.id]) await budget(owner, 'connection', refused);
      const heard = vi.fn();
      const subscription = await listen(server.app.get<Pool>(POOL), channels.rateBudget, heard);
      const [told] = (await server.ask(path, { method, ...(method === 'PUT' ? { body: setting } : {}) })).body.data.budgets;
      expect([told.blocked_until, told.limits.map((left: { learned_from: string }) => left.learned_from)]).toEqual([null, ['headers']]);
      await vi.waitFor(() => expect(heard.mock.calls.flat()).toEqual([`connection:${id}`]));
      await subscription.close();
      expect((await server.ask(other.path)).body.data.budgets[0].blocked_until).not.toBeNull();
    });

    it.each([{}, { requests: 0, per_seconds: 1 }, { requests: 1 }, { ...setting, burst: 0 }, { ...setting, more: 1 }])('refuse %j', async (body) => {
      expect((await server.ask((await aPath()).path, { method: 'PUT', body })).status).toBe(400);
    });

    it.each(['GET', 'PUT', 'DELETE'])('are nobody else’s: %s', async (method) => {
      const { path } = await aPath();
      const body = method === 'PUT' ? setting : undefined;
      expect((await server.ask(path, { method, body, as: null })).status).toBe(401);
      expect((await server.ask(path, { method, body, as: 'prod' })).status).toBe(400);
      const nobody = await server.ask(`/connections/nobody/rate-limit?provider_config_key=${key}`, { method, body });
      expect([nobody.status, nobody.body.error.code]).toEqual([404, 'unknown_connection']);
    });
  });

  describe('of an integration', () => {
    const path = () => `/integrations/${key}/rate-limit`;

    it('are set for each connection or for all together, shown with its connections, and taken back', async () => {
      const body = { ...setting, counts: 'integration' };
      expect(await server.ask(path(), { method: 'PUT', body })).toMatchObject({ status: 200, body: { data: { setting: body } } });
      expect((await server.ask((await aPath()).path)).body.data.integration_setting).toEqual(body);
      await server.ask(path(), { method: 'PUT', body: setting });
      expect((await server.ask(path())).body.data.setting).toEqual({ ...setting, counts: 'connection' });
      await server.ask(path(), { method: 'DELETE' });
      expect((await server.ask(path())).body.data.setting).toBeNull();
    });

    it('end the pauses of all its connections', async () => {
      const { id, path: ofConnection } = await aPath();
      await budget(id, 'connection', { blockedUntil: Date.now() + 60_000 });
      await budget(integrationId, 'integration', { blockedUntil: Date.now() + 60_000 });
      await server.ask(path(), { method: 'PUT', body: setting });
      expect((await server.ask(ofConnection)).body.data.budgets).toMatchObject([{ blocked_until: null }, { blocked_until: null }]);
      await server.ask(path(), { method: 'DELETE' });
      await server.database.rateBudget.deleteMany({ where: { scope: 'integration', ownerId: integrationId } });
    });

    it.each(['GET', 'PUT', 'DELETE'])('are nobody else’s: %s', async (method) => {
      const body = method === 'PUT' ? setting : undefined;
      expect((await server.ask(path(), { method, body, as: null })).status).toBe(401);
      expect((await server.ask(path(), { method, body, as: 'prod' })).status).toBe(404);
    });

    it('refuse what is none', async () => {
      expect((await server.ask(path(), { method: 'PUT', body: { ...setting, counts: 'endpoint' } })).status).toBe(400);
    });
  });

  it('are seen and set in the dashboard', async () => {
    const browser = await aSignedInBrowser(server);
    const { id } = await aPath();
    const path = `/connections/${id}/rate-limit?env=dev`;
    expect((await browser.ask(path, { method: 'PUT', body: setting })).body.setting).toEqual(setting);
    expect((await browser.ask(path)).body).toMatchObject({ setting, budgets: [] });
    expect((await browser.ask(path, { method: 'DELETE' })).body.setting).toBeNull();
    expect((await browser.ask(`/connections/${id}/rate-limit?env=prod`)).status).toBe(404);
  });
});
