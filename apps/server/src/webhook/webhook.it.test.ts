import { createHmac, randomUUID } from 'node:crypto';
import { purposes } from 'credentials';
import type { InboxWebhook } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anIntegration } from '../../test/builders.js';
import { type Answer, aServer, type TestServer } from '../../test/server.js';

const sign = (text: string, secret = 'shared secret') => {
  const [id, at] = [randomUUID(), Math.floor(Date.now() / 1_000)];
  return {
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,${createHmac('sha256', secret).update(`${id}.${at}.${text}`).digest('base64')}`,
  };
};

describe('the address for webhooks', () => {
  let server: TestServer;
  let environment: string;
  let open: { id: number; uniqueKey: string };
  let signed: { id: number; uniqueKey: string };

  beforeAll(async () => {
    server = await aServer();
    environment = (await server.ask('/environment')).body.uuid;
    open = await anIntegration(server, { provider: 'unauthenticated' });
    signed = await anIntegration(server);
    await server.ask(`/integrations/${signed.uniqueKey}`, { method: 'PATCH', body: { webhook_secret: 'shared secret' } });
  });
  afterAll(() => server?.close());

  // As providers do, again where the server is busy: the tests' own machine may be.
  const post = async (key: string, body: unknown, headers: Record<string, string> = {}, uuid = environment): Promise<Answer> => {
    const answer = await server.ask(`/webhook/${uuid}/${key}`, { as: null, method: 'POST', body, headers });
    return answer.status === 503 ? post(key, body, headers, uuid) : answer;
  };
  const kept = async (integrationId: number): Promise<InboxWebhook[]> => {
    const rows = await server.database.webhookInbox.findMany({ where: { integrationId }, orderBy: { id: 'asc' } });
    return Promise.all(
      rows.map(async ({ environmentId, content }) =>
        JSON.parse(Buffer.from(await server.vault.open(environmentId, purposes.webhookContent, content)).toString()),
      ),
    );
  };

  it('keeps a webhook before it answers, sealed', async () => {
    const { id, uniqueKey } = await anIntegration(server, { provider: 'unauthenticated' });
    const answer = await post(uniqueKey, { type: 'made', connectionId: 'c1', note: 'planted words' }, { 'x-event': 'made', cookie: 'no' });
    expect([answer.status, answer.body]).toEqual([200, '']);
    const [webhook] = await kept(id);
    expect(webhook).toMatchObject({
      deliveries: [{ types: ['made'], match: { by: 'connectionId', value: 'c1' } }],
      body: { note: 'planted words' },
      headers: { 'x-event': 'made' },
    });
    expect(webhook?.headers).not.toHaveProperty('cookie');
    const [row] = await server.database.webhookInbox.findMany({ where: { integrationId: id } });
    expect(Buffer.from(row!.content).toString('latin1')).not.toContain('planted words');
  });

  it.each([
    ['application/json', '{"type":"a"}', { type: 'a' }],
    ['application/x-www-form-urlencoded', 'type=a&n=1', { type: 'a', n: '1' }],
    ['text/xml', '<type>a</type>', '<type>a</type>'],
    ['application/octet-stream', 'just bytes', 'just bytes'],
  ])('takes bodies of type %s', async (type, text, body) => {
    const { id, uniqueKey } = await anIntegration(server, { provider: 'unauthenticated' });
    expect((await post(uniqueKey, text, { 'content-type': type })).status).toBe(200);
    expect(await kept(id)).toMatchObject([{ body, raw: text, contentType: type }]);
  });

  it('keeps what comes fifty times at once only once, and answers all', async () => {
    const { id, uniqueKey } = await anIntegration(server, { provider: 'unauthenticated' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(uniqueKey, { type: 'same', connectionId: 'c1' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await kept(id)).toHaveLength(1);
  });

  it('tells events apart by the provider’s id where there is one, else by their bodies', async () => {
    const { id, uniqueKey } = await anIntegration(server, { provider: 'unauthenticated' });
    await post(uniqueKey, { n: 1 });
    await post(uniqueKey, { n: 2 });
    expect(await kept(id)).toHaveLength(2);
    const text = JSON.stringify({ type: 'a' });
    const before = (await kept(signed.id)).length;
    const first = sign(text);
    for (const headers of [first, first, sign(text)]) expect((await post(signed.uniqueKey, text, headers)).status).toBe(200);
    expect(await kept(signed.id)).toHaveLength(before + 2);
  });

  it('takes a body that comes again after an hour for another event, once the first was routed', async () => {
    const { id, uniqueKey } = await anIntegration(server, { provider: 'unauthenticated' });
    await post(uniqueKey, { type: 'changed' });
    const age = (minutes: number) =>
      server.database.webhookInbox.updateMany({
        where: { integrationId: id },
        data: { routedAt: new Date(), receivedAt: new Date(Date.now() - minutes * 60_000) },
      });
    const waiting = () => server.database.webhookInbox.count({ where: { integrationId: id, routedAt: null } });
    await age(30);
    await post(uniqueKey, { type: 'changed' });
    expect(await waiting()).toBe(0);
    await age(61);
    await post(uniqueKey, { type: 'changed' });
    expect(await waiting()).toBe(1);
  });

  it('refuses what is not signed, or with another secret, and keeps nothing of it', async () => {
    const before = (await kept(signed.id)).length;
    const text = JSON.stringify({ type: 'a' });
    const answers = [
      await post(signed.uniqueKey, text),
      await post(signed.uniqueKey, text, sign(text, 'another')),
      await post(signed.uniqueKey, `${text} `, sign(text)),
    ];
    expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual([
      [401, 'webhook_missing_signature'],
      [401, 'webhook_invalid_signature'],
      [401, 'webhook_invalid_signature'],
    ]);
    expect(await kept(signed.id)).toHaveLength(before);
  });

  it('refuses everything where the integration has no secret, or has lost it', async () => {
    const { uniqueKey } = await anIntegration(server);
    const text = '{}';
    expect((await post(uniqueKey, text, sign(text, ''))).body.error.code).toBe('webhook_invalid_signature');
    await server.ask(`/integrations/${uniqueKey}`, { method: 'PATCH', body: { webhook_secret: 'new' } });
    await expect.poll(async () => (await post(uniqueKey, text, sign(text, 'new'))).status).toBe(200);
    await server.ask(`/integrations/${uniqueKey}`, { method: 'PATCH', body: { webhook_secret: null } });
    await expect.poll(async () => (await post(uniqueKey, text, sign(text, 'new'))).status).toBe(401);
  });

  it('is known by environment and integration, and asks for no key', async () => {
    const foreign = await anIntegration(server, { environment: 'prod', provider: 'unauthenticated' });
    const answers = [
      await post(open.uniqueKey, {}, {}, randomUUID()),
      await post(open.uniqueKey, {}, {}, 'no-uuid'),
      await post('nowhere', {}),
      await post(foreign.uniqueKey, {}),
      await post(open.uniqueKey, '{', { 'content-type': 'application/json' }),
    ];
    expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual([
      [404, 'unknown_environment'],
      [404, 'unknown_environment'],
      [404, 'unknown_provider_config'],
      [404, 'unknown_provider_config'],
      [400, 'invalid_json'],
    ]);
  });

  it('answers 204 for a provider whose webhooks nobody routes', async () => {
    const { id, uniqueKey } = await anIntegration(server, { provider: 'github' });
    expect((await post(uniqueKey, { a: 1 })).status).toBe(204);
    expect(await kept(id)).toEqual([]);
  });

  it('refuses webhooks while it is behind with its work, and nothing else', async () => {
    const whileBlocked = async (path: string, method: string) => {
      const answer = server.ask(path, { as: null, method });
      const until = performance.now() + 500;
      while (performance.now() < until);
      return answer;
    };
    // The block is over before the request is there where the machine is slow: then once more.
    let refused = await whileBlocked(`/webhook/${environment}/${open.uniqueKey}`, 'POST');
    for (let left = 10; left > 0 && refused.status !== 503; left -= 1) refused = await whileBlocked(`/webhook/${environment}/${open.uniqueKey}`, 'POST');
    expect([refused.status, refused.body.error.code, refused.headers.get('retry-after')]).toEqual([503, 'service_unavailable', '1']);
    expect((await whileBlocked('/health', 'GET')).status).toBe(200);
  });

  it('answers Slack’s question', async () => {
    const slack = await anIntegration(server, { provider: 'slack' });
    await server.ask(`/integrations/${slack.uniqueKey}`, { method: 'PATCH', body: { webhook_secret: 'slack secret' } });
    const text = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
    const at = String(Math.floor(Date.now() / 1_000));
    const signature = `v0=${createHmac('sha256', 'slack secret').update(`v0:${at}:${text}`).digest('hex')}`;
    const answer = await post(slack.uniqueKey, text, { 'x-slack-request-timestamp': at, 'x-slack-signature': signature });
    expect([answer.status, answer.body]).toEqual([200, 'abc']);
    expect(await kept(slack.id)).toEqual([]);
  });

  it('is shown with the integration, and its secret to those who may read credentials', async () => {
    const credentials = { type: 'OAUTH2', client_id: 'id', client_secret: 'hidden', webhook_secret: 'hidden too' };
    await server.ask('/integrations', { method: 'POST', body: { unique_key: 'shown', provider: 'slack', credentials } });
    const { body } = await server.ask('/integrations/shown?include=webhook&include=credentials');
    expect(body.data).toMatchObject({ webhook_url: expect.stringMatching(new RegExp(`/webhook/${environment}/shown$`)), credentials });
    expect(JSON.stringify((await server.ask('/integrations/shown')).body)).not.toContain('hidden');
    const row = await server.database.integration.findFirstOrThrow({ where: { uniqueKey: 'shown' } });
    expect(row.webhookSecret).not.toContain('hidden');
  });
});

describe('a server that receives no webhooks', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer({ NANGO_RECEIVE_WEBHOOKS: 'false' });
  });
  afterAll(() => server?.close());

  it('says so', async () => {
    const { uuid } = (await server.ask('/environment')).body;
    const answer = await server.ask(`/webhook/${uuid}/any`, { as: null, method: 'POST', body: {} });
    expect([answer.status, answer.body.error.code]).toEqual([404, 'feature_disabled']);
  });
});
