import { randomUUID } from 'node:crypto';
import { type MutableResponse, type MutableToken, OAuth2Server } from 'oauth2-mock-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oauthIntegration, PopupFlow, Product, sharedStack } from './testing/index.js';

type Got = { credentials: { access_token: string } };

describe('an authorization server that is driven from outside (oauth2-mock-server)', () => {
  const server = new OAuth2Server();
  let product: Product;
  let integration: string;
  beforeAll(async () => {
    await server.issuer.keys.generate('RS256');
    server.service.on('beforeTokenSigning', ({ payload }: MutableToken) => void (payload['jti'] = randomUUID())); // two of one second would be equal
    await server.start(0, '127.0.0.1');
    server.issuer.url = `http://127.0.0.1:${server.address().port}`;
    const { url } = server.issuer;
    product = new Product(await sharedStack(), String(url));
    const endpoints = { authorizationUrl: `${url}/authorize`, tokenUrl: `${url}/token`, revocationUrl: `${url}/revoke` };
    integration = await oauthIntegration(
      product,
      { baseUrl: String(url), issuer: String(url), ...endpoints },
      { app: { client_id: 'app', client_secret: 'secret' } },
    );
  });
  afterAll(() => server.stop());

  const stored = async (connectionId: string, query = ''): Promise<Got> =>
    (await product.must('GET', `/connection/${connectionId}?provider_config_key=${integration}${query}`)) as Got;

  it('connects, renews and gives back', async () => {
    const connectionId = await new PopupFlow(product, integration).connected();
    const first = await stored(connectionId);
    const renewed = await stored(connectionId, '&force_refresh=true');
    expect([first.credentials.access_token, renewed.credentials.access_token]).toEqual([expect.any(String), expect.any(String)]);
    expect(renewed.credentials.access_token).not.toBe(first.credentials.access_token);
    const deleted = await product.call('DELETE', `/connection/${connectionId}?provider_config_key=${integration}`);
    expect(deleted).toMatchObject({ status: 200, body: { success: true, revocation: 'revoked' } });
  });

  const refused = (error_desc: RegExp) => ({ message_type: 'error', error_type: 'token_err', error_desc: expect.stringMatching(error_desc) });
  const connected = { message_type: 'success' };
  it.each<[string, Partial<MutableResponse>, object]>([
    ['an error', { statusCode: 400, body: { error: 'invalid_grant', error_description: 'code was used' } }, refused(/invalid_grant.*code was used/)],
    ['an error inside a 200', { body: { error: 'invalid_client' } }, refused(/invalid_client/)],
    ['a failure of its own', { statusCode: 500, body: {} }, refused(/500/)],
    ['no token', { body: { token_type: 'Bearer' } }, refused(/access_token|token/)],
    ['no lifetime', { body: { access_token: 'a', token_type: 'Bearer' } }, connected],
    ['a lifetime as text', { body: { access_token: 'a', expires_in: '3600' } }, connected],
    ['a lifetime of nothing', { body: { access_token: 'a', expires_in: 0 } }, connected],
  ])('is understood when it answers with %s', async (_, change, outcome) => {
    server.service.once('beforeResponse', (answer: MutableResponse) => void Object.assign(answer, change));
    const flow = new PopupFlow(product, integration);
    await flow.finish();
    expect(await flow.outcome()).toMatchObject(outcome);
  });
});
