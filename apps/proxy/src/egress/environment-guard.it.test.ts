import { randomUUID } from 'node:crypto';
import { DeliveryAnswer } from 'model';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestConnection, TestProxy } from '../test/proxy.js';
import { json } from '../test/upstream.js';

describe("an environment's rules of where its calls may go", () => {
  let proxy: TestProxy;
  let connection: TestConnection;
  let elsewhere: TestConnection;
  let token: string;
  beforeAll(async () => {
    proxy = await TestProxy.start();
    connection = await proxy.aConnection();
    elsewhere = await proxy.aConnection({ environment: 'prod' });
    token = (await proxy.anExecution(connection)).token;
  });
  afterAll(() => proxy?.stop());
  beforeEach(async () => {
    await rules({});
  });

  const call = async (through = connection) => (await proxy.call(through, '/items')).status;
  const script = async (request: object) => (await proxy.inside('calls', token, { call: randomUUID(), method: 'GET', endpoint: '/items', ...request })).status;
  const uncontrolled = () => script({ endpoint: `${proxy.upstream.url}/items`, uncontrolled: true });
  const webhook = async () => {
    const answer = await proxy.inside('deliveries', proxy.serviceToken('orchestrator'), {
      environmentId: proxy.environments.dev.id,
      url: `${proxy.upstream.url}/hook`,
      headers: {},
      body: '{}',
    });
    return DeliveryAnswer.parse(await answer.json());
  };
  /** Sets them, and waits until the proxy has heard. */
  const rules = async (lists: { allow?: string[]; deny?: string[] }): Promise<void> => {
    await proxy.setEgress('dev', {});
    await expect.poll(() => call()).toBe(200);
    await proxy.setEgress('dev', lists);
    const isOpen = !lists.deny?.length && !lists.allow?.length;
    await expect.poll(async () => (await call()) === 200).toBe(isOpen);
  };

  it('close its calls and its scripts at once, and nobody else’s', async () => {
    for (const lists of [{ deny: ['127.0.0.1'] }, { deny: ['127.0.0.0/8'] }, { allow: ['api.example.com'] }]) {
      await rules(lists);
      expect([await call(), await script({}), await uncontrolled(), await call(elsewhere)]).toEqual([400, 400, 400, 200]);
    }
    await rules({});
    expect([await call(), await script({}), await uncontrolled()]).toEqual([200, 200, 200]);
  });

  it('say which list it was', async () => {
    await rules({ allow: ['api.example.com'] });
    const { error } = (await (await proxy.call(connection, '/items')).json()) as { error: { code: string; message: string } };
    expect(error).toMatchObject({ code: 'url_not_allowed', message: expect.stringContaining("is not on the environment's allow-list") });
  });

  it('hold for webhooks and token endpoints as far as they deny; an allow-list is about APIs', async () => {
    const expired = { type: 'OAUTH2' as const, access_token: 'old', refresh_token: 'r', expires_at: new Date(Date.now() - 1_000), raw: {} };
    proxy.upstream.answers('/oauth/token', json(200, { access_token: 'new', expires_in: 3600 }));
    const refresh = async () => {
      const oauth = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials: expired, oauthClient: { id: 'c', secret: 's' } });
      const asked = { environmentId: proxy.environments.dev.id, connectionId: oauth.connectionId, providerConfigKey: oauth.providerConfigKey };
      return (await proxy.inside('connections', proxy.serviceToken('server'), asked)).status;
    };
    await rules({ allow: ['api.example.com'] });
    expect([(await webhook()).status, await refresh()]).toEqual([200, 200]);
    await rules({ deny: ['127.0.0.1'] });
    expect([await webhook(), await refresh()]).toMatchObject([{ status: null, error: expect.stringContaining('deny-list') }, 424]);
  });

  it('open nothing that the operator has not', async () => {
    await proxy.setEgress('dev', { allow: ['10.0.0.0/8', '127.0.0.1', 'localhost'] });
    for (const url of ['http://10.0.0.1', 'http://127.0.0.1:1', 'http://localhost']) {
      const answer = await proxy.call(connection, '/items', { headers: { 'base-url-override': url } });
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('not on the open internet')]);
    }
  });
});
