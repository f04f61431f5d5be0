import { createHmac, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvilServer, type EvilServer, evilAnswers, oauthIntegration, PopupFlow, Product, sharedStack, type TestStack } from './testing/index.js';

const canary = (name: string): string => `canary-${name}-${randomUUID()} +&%`;

/** Where a secret may stand in: as it is, in an address, in a form, in JSON, in Base64. */
function formsOf(secret: string): string[] {
  const form = new URLSearchParams({ '': secret }).toString().slice(1);
  return [/^\S+/.exec(secret)?.[0] ?? secret, encodeURIComponent(secret), form, JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')];
}

describe('L-01 the secrets of authorisations', () => {
  let stack: TestStack;
  let product: Product;
  let evil: EvilServer;
  const secrets = new Map<string, string>();
  const remember = (name: string, secret = canary(name)): string => {
    secrets.set(`${name} ${secrets.size}`, secret);
    return secret;
  };
  const hmacKey = remember('hmac-key');
  beforeAll(async () => {
    stack = await sharedStack();
    evil = await anEvilServer();
    product = new Product(stack, evil.url);
  });
  afterAll(async () => {
    await product?.call('PATCH', '/environment/connect', { body: { hmac_key: null } });
    await evil?.close();
  });

  /** A provider that tells its secrets wherever it can. */
  const echo =
    (status: number): evilAnswers.EvilAnswer =>
    (seen, response) =>
      evilAnswers.asJson(status, { error: 'invalid_request', error_description: `You sent ${seen.body} and ${seen.headers.authorization}`, sent: seen.body })(
        seen,
        response,
      );
  const tokens = () => evilAnswers.tokens({ access_token: remember('access', canaryToken('access')), refresh_token: remember('refresh'), expires_in: 3600 });
  const begin = async (integration: string, query: Record<string, string> = {}) => {
    evil.answered = () => ({ code: remember('code') });
    const flow = new PopupFlow(product, integration);
    const back = new URL((await flow.begin(query)).url);
    remember('state', back.searchParams.get('state') ?? '');
    for (const cookie of flow.browser.values()) remember('cookie', cookie);
    return { flow, back };
  };
  const noteVerifier = () => remember('verifier', new URLSearchParams(evil.calls('/token').at(-1)?.body).get('code_verifier') ?? canary('none'));

  it('stand in no log, no operation, no outbox, no result and no page', { timeout: 120_000 }, async () => {
    const pages: string[] = [];
    const app = { client_id: 'a-client', client_secret: remember('client-secret') };
    const integration = await oauthIntegration(product, evil.integrationConfig({ clientAuthentication: 'body' }), { app });
    const basic = await oauthIntegration(product, evil.integrationConfig({ clientAuthentication: 'basic' }), { app });
    remember('basic header', `a-client:${new URLSearchParams({ '': app.client_secret }).toString().slice(1)}`);
    const at = (id: string, key = integration) => `/connection/${id}?provider_config_key=${key}`;
    const headersOf = (id: string) => ({ 'connection-id': id, 'provider-config-key': integration });

    // Flows that fail, each in another way.
    const failures = [
      echo(400),
      echo(401),
      echo(500),
      echo(200),
      evilAnswers.htmlPage(),
      evilAnswers.garbage(),
      evilAnswers.redirectTo('http://127.0.0.1:1/x'),
    ];
    for (const key of [integration, basic])
      for (const answer of failures) {
        evil.answer('/token', answer);
        const { flow, back } = await begin(key);
        const { body } = await flow.browser.visit(back.href);
        noteVerifier();
        pages.push(body, JSON.stringify(await flow.outcome()));
      }
    // Another browser, a state that was used, a wrong issuer.
    const lost = await begin(integration);
    pages.push((await new PopupFlow(product, integration).browser.visit(lost.back.href)).body);
    pages.push((await lost.flow.browser.visit(lost.back.href)).body);

    // One with the public key and its HMAC, right and wrong.
    await product.must('PATCH', '/environment/connect', { body: { hmac_key: hmacKey } });
    const { public_key } = (await product.must('GET', '/environment')) as { public_key: string };
    const connection_id = `c-${randomUUID()}`;
    const hmac = createHmac('sha256', hmacKey).update(`${integration}:${connection_id}`).digest('hex');
    for (const given of ['0'.repeat(64), hmac]) {
      evil.answer('/token', tokens());
      const query = new URLSearchParams({ public_key, connection_id, hmac: given });
      const end = await new PopupFlow(product, integration).browser.visit(`${stack.serverUrl}/oauth/connect/${integration}?${query}`);
      pages.push(end.body);
    }

    // One that works, is used, renewed, refused and deleted.
    evil.answer('/token', tokens(), tokens(), echo(400), echo(500));
    const good = await begin(integration);
    pages.push((await good.flow.browser.visit(good.back.href)).body);
    noteVerifier();
    const outcome = await good.flow.outcome();
    expect(outcome.message_type).toBe('success');
    const id = outcome.connection_id ?? '';
    expect((await product.call('GET', '/proxy/whoami', { headers: headersOf(id) })).status).toBe(200);
    expect((await product.call('GET', `${at(id)}&force_refresh=true`)).status).toBe(200);
    for (const path of ['/refused', '/refused']) {
      evil.answer(path, echo(401));
      await product.call('POST', `/proxy${path}`, { headers: headersOf(id), body: { a: 1 } });
    }
    for (let n = 0; n < 2; n++) pages.push(JSON.stringify((await product.call('GET', `${at(id)}&force_refresh=true`)).body));
    evil.answer('/revoke', echo(400));
    expect(await product.must('DELETE', at(id))).toMatchObject({ success: true });

    expect(secrets.size).toBeGreaterThan(60);
    const places = { ...(await logsOf(stack.logs)), ...(await tablesOf(stack.databaseUrl)), pages: pages.join('\n') };
    const found = [...secrets].flatMap(([name, secret]) =>
      Object.entries(places).flatMap(([place, text]) => (formsOf(secret).some((form) => text.includes(form)) ? [`${name} in ${place}`] : [])),
    );
    expect(found).toEqual([]);
    // The search itself works: what is no secret is there.
    expect(places.operation_message).toContain(new URL(evil.url).host);
  });
});

/** An access token has to fit into a header. */
function canaryToken(name: string): string {
  return `canary-${name}-${randomUUID()}`;
}

async function logsOf(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)));
}

async function tablesOf(
  databaseUrl: string,
): Promise<Record<'operation_message' | 'operation' | 'outbox_event' | 'oauth_result' | 'oauth_session' | 'connection', string>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const textOf = async (table: string): Promise<string> =>
    (await client.query(`SELECT row_to_json(t)::text AS line FROM ${table} t`)).rows.map(({ line }) => String(line)).join('\n');
  const tables = ['operation_message', 'operation', 'outbox_event', 'oauth_result', 'oauth_session', 'connection'] as const;
  const texts: [string, string][] = [];
  for (const table of tables) texts.push([table, await textOf(table)]);
  await client.end();
  return Object.fromEntries(texts) as Record<(typeof tables)[number], string>; // one text for each
}
