import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { anEvilServer, type EvilServer, evilAnswers, oauthIntegration, PopupFlow, Product, sharedStack, type TestStack } from './testing/index.js';

type Known = { credentials: { access_token: string; refresh_token?: string; expires_at?: string } };

const { asText, asJson } = evilAnswers;
const plain = { access_token: 'at', refresh_token: 'rt', expires_in: 3600 };
const form = 'access_token=at&refresh_token=rt&expires_in=3600&scope=a%2Cb';
const typed = (text: string | Buffer, type?: string) => asText(text, { headers: type === undefined ? {} : { 'content-type': type } });
const hour = 3_600_000;

describe('a token answer as it is in the wild', () => {
  let stack: TestStack;
  let product: Product;
  let evil: EvilServer;
  let integration: string;
  beforeAll(async () => {
    stack = await sharedStack();
    evil = await anEvilServer();
    product = new Product(stack, evil.url);
    integration = await oauthIntegration(product, evil.integrationConfig(), { app: { client_id: 'c', client_secret: 'the-secret' } });
  });
  afterAll(() => evil?.close());
  beforeEach(() => evil.behave());

  const read = async (connectionId: string) =>
    (await product.must('GET', `/connection/${connectionId}?provider_config_key=${integration}&refresh_token=true`)) as Known;
  const call = (connectionId: string) =>
    product.call('GET', '/proxy/whoami', { headers: { 'connection-id': connectionId, 'provider-config-key': integration } });

  it.each([
    ['a form as text/plain', typed(form, 'text/plain')],
    ['a form as text/html with a charset', typed(form, 'text/html; charset=utf-8')],
    ['a form that says it is JSON', typed(form, 'application/json')],
    ['a form under its own type', typed(form, 'application/x-www-form-urlencoded')],
    ['a form without a type', typed(form)],
    ['JSON as text/html', typed(JSON.stringify(plain), 'text/html; charset=UTF-8')],
    ['JSON with a type in mixed case', typed(JSON.stringify(plain), 'Application/JSON;Charset=UTF-8')],
    ['JSON without a type', typed(JSON.stringify(plain))],
    ['JSON that says it is a form', typed(JSON.stringify(plain), 'application/x-www-form-urlencoded')],
    ['JSON with a byte-order mark', typed(`\ufeff${JSON.stringify(plain)}`, 'application/json')],
    ['JSON with white space around it', typed(`\r\n ${JSON.stringify(plain)}\n`, 'application/json')],
    ['a lifetime as text', asJson(200, { ...plain, expires_in: '3600' })],
    ['a token type in capitals', asJson(200, { ...plain, token_type: 'BEARER' })],
    ['a status of 201', asJson(201, plain)],
  ])('O-12 is understood: %s, at the first token and at every renewal', async (_, answer) => {
    evil.answer('/token', answer);
    const connectionId = await new PopupFlow(product, integration).connected();
    const { credentials } = await read(connectionId);
    expect(credentials).toMatchObject({ access_token: 'at', refresh_token: 'rt' });
    expect(new Date(credentials.expires_at ?? 0).getTime() - Date.now()).toBeGreaterThan(hour - 60_000);
    expect(await call(connectionId)).toMatchObject({ status: 200, body: { authorization: 'Bearer at' } });
    await product.must('GET', `/connection/${connectionId}?provider_config_key=${integration}&force_refresh=true`);
    expect(new URLSearchParams(evil.calls('/token').at(-1)?.body).get('refresh_token')).toBe('rt');
    expect((await read(connectionId)).credentials).toMatchObject({ access_token: 'at', refresh_token: 'rt' });
  });

  it.each([
    ['0', 0],
    ['"0"', '0'],
    ['below nothing', -1],
    ['missing', undefined],
    ['null', null],
    ['no number', 'soon'],
  ])('O-12 with a lifetime of %s is taken for a day, and no call renews it', async (_, expires_in) => {
    evil.answer('/token', asJson(200, { ...plain, expires_in }));
    const connectionId = await new PopupFlow(product, integration).connected();
    const { credentials } = await read(connectionId);
    expect(new Date(credentials.expires_at ?? 0).getTime() - Date.now()).toBeGreaterThan(23 * hour);
    for (let n = 0; n < 3; n++) expect((await call(connectionId)).status).toBe(200);
    expect(evil.calls('/token')).toHaveLength(1);
  });

  it.each([
    ['an error inside a 200', asJson(200, { error: 'invalid_grant', error_description: 'used already' }), 'used already'],
    ['an error as a form', typed('error=bad_verification_code&error_description=It+has+expired', 'text/plain'), 'It has expired'],
    ['a page', evilAnswers.htmlPage(), ''],
    ['a page with an error status', evilAnswers.htmlPage(502), ''],
    ['garbage', evilAnswers.garbage(), ''],
    ['10 MB', evilAnswers.giantBody(), ''],
    ['nothing', asText(''), ''],
    ['JSON that is no object', asJson(200, ['at']), ''],
    ['a token that is no text', asJson(200, { access_token: { at: 1 } }), ''],
    ['429', evilAnswers.tooMany(1), ''],
    ['500', asJson(500, {}), ''],
  ])('O-12 is refused with a reason and nothing is kept: %s', async (_, answer, words) => {
    evil.answer('/token', answer);
    const flow = new PopupFlow(product, integration);
    const { status, body } = await flow.finish();
    expect([status, body]).toEqual([400, expect.not.stringContaining('alert(document.cookie)')]);
    expect(await flow.outcome()).toMatchObject({ message_type: 'error', error_type: 'token_err', error_desc: expect.stringContaining(words) });
  });

  it.runIf(inject('long'))('O-12 is given up after 15 s where it never ends', async () => {
    evil.answer('/token', evilAnswers.slowBody());
    const flow = new PopupFlow(product, integration);
    const startedAt = Date.now();
    expect((await flow.finish()).status).toBe(400);
    expect(Date.now() - startedAt).toBeLessThan(20_000);
    expect(await flow.outcome()).toMatchObject({ error_type: 'token_err', error_desc: expect.stringContaining('did not answer in time') });
  });
});
