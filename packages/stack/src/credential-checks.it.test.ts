import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePort, Product, sharedStack, type TestStack } from './testing/index.js';

type Refused = { error: { code: string; message: string; errors?: { path: string[] }[] } };

describe('a credential', () => {
  let stack: TestStack;
  let product: Product;
  let publicKey: string;
  let integration: string;
  beforeAll(async () => {
    stack = await sharedStack();
    product = new Product(stack, stack.simulatorUrl);
    ({ public_key: publicKey } = (await product.must('GET', '/environment')) as { public_key: string });
    integration = await product.integration('demo-tracker');
  });

  /** Every way in for an API key. */
  const ways: [name: string, give: (apiKey: string, baseUrl: string, connectionId: string, key?: string) => Promise<{ status: number; body: unknown }>][] = [
    [
      'the public route',
      (apiKey, baseUrl, connectionId, key = integration) => {
        const query = new URLSearchParams({ public_key: publicKey, connection_id: connectionId, 'params[baseUrl]': baseUrl });
        return product.call('POST', `/api-auth/api-key/${key}?${query}`, { body: { apiKey } });
      },
    ],
    [
      'a connect session',
      async (apiKey, baseUrl, _connectionId, key = integration) => {
        const { data } = (await product.must('POST', '/connect/sessions', { body: { end_user: { id: 'u' } } })) as { data: { token: string } };
        const query = new URLSearchParams({ connect_session_token: data.token, 'params[baseUrl]': baseUrl });
        return product.call('POST', `/api-auth/api-key/${key}?${query}`, { body: { apiKey } });
      },
    ],
    [
      'POST /connection',
      (apiKey, baseUrl, connection_id, provider_config_key = integration) =>
        product.call('POST', '/connection', { body: { provider_config_key, connection_id, api_key: apiKey, connection_config: { baseUrl } } }),
    ],
    [
      'POST /connections',
      (apiKey, baseUrl, connection_id, provider_config_key = integration) =>
        product.call('POST', '/connections', {
          body: { provider_config_key, connection_id, credentials: { type: 'API_KEY', apiKey }, connection_config: { baseUrl } },
        }),
    ],
  ];
  const count = async () => ((await product.must('GET', `/connections?integrationId=${integration}`)) as { connections: unknown[] }).connections.length;

  it.each(ways)('that works is taken by %s, without what copying added', async (_, give) => {
    const connectionId = randomUUID();
    const made = await give('\ufeffdemo-key \n', stack.simulatorUrl, connectionId);
    expect([made.status, made.body]).toEqual([expect.toSatisfy((status: number) => status < 300), expect.anything()]);
  });

  it.each(ways)('that the provider refuses is refused by %s, in its words, and nothing is kept', async (_, give) => {
    const before = await count();
    const { status, body } = await give('wrong', stack.simulatorUrl, randomUUID());
    const { code, message } = (body as Refused).error;
    expect([status, code, message]).toEqual([400, 'connection_test_failed', expect.stringMatching(/refused the credential \(401: unauthorized\)/)]);
    expect(await count()).toBe(before);
  });

  it.each(ways)('for an API that does not answer is refused by %s', async (_, give) => {
    const { body } = await give('demo-key', `http://127.0.0.1:${await freePort()}`, randomUUID());
    expect((body as Refused).error.code).toBe('connection_test_failed');
  });

  it.each(ways)('without a value that the API’s address needs is refused by %s, which names it', async (_, give) => {
    const { status, body } = await give('demo-key', '', randomUUID());
    expect([status, (body as Refused).error.code, (body as Refused).error.errors?.[0]?.path]).toEqual([
      400,
      'invalid_connection_config',
      ['connection_config', 'baseUrl'],
    ]);
    expect(((await give('demo-key', 'nowhere', randomUUID())).body as Refused).error.code).toBe('invalid_connection_config');
  });

  it.each(ways)('that no header can carry is refused by %s', async (_, give) => {
    for (const apiKey of ['a\nb', 'ключ'])
      expect(((await give(apiKey, stack.simulatorUrl, randomUUID())).body as Refused).error.code).toBe('invalid_credential_format');
    expect(((await give('  ', stack.simulatorUrl, randomUUID())).body as Refused).error.code).toBe('missing_api_key');
  });

  it.each(ways.slice(2))('of a connection that is there may be replaced by %s, which keeps its address', async (name, give) => {
    const connectionId = randomUUID();
    await give('demo-key', stack.simulatorUrl, connectionId);
    const flat = { provider_config_key: integration, connection_id: connectionId, api_key: 'demo-key' };
    const whole = { provider_config_key: integration, connection_id: connectionId, credentials: { type: 'API_KEY', apiKey: 'demo-key' } };
    await product.must('POST', name.endsWith('s') ? '/connections' : '/connection', { body: name.endsWith('s') ? whole : flat });
    const connection = await product.must('GET', `/connection/${connectionId}?provider_config_key=${integration}`);
    expect(connection).toMatchObject({ connection_config: { baseUrl: stack.simulatorUrl } });
  });
});
