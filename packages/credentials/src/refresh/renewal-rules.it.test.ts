import type { Credentials } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, type AConnection, fieldsOf, StrictProvider } from '../test/connection.js';
import { openVault, type TestVault } from '../test/vault.js';
import { purposes } from '../vault/purposes.js';
import { findConnection } from './connection-row.js';
import { CredentialStore, type SendForEnvironment } from './credential-store.js';

let test: TestVault;
beforeAll(async () => {
  test = await openVault();
});
afterAll(() => test.close());

const storeWith = (send: SendForEnvironment): CredentialStore => new CredentialStore(test.pool, test.vault, send);
const query = async (sql: string, ...values: unknown[]): Promise<Record<string, unknown>[]> =>
  (await test.pool.query<Record<string, unknown>>(sql, values)).rows;
const row = async ({ id }: AConnection): Promise<Record<string, unknown>> => (await query('select * from connection where id = $1', id))[0] ?? {};
const messagesOf = ({ environmentId }: AConnection) => query('select message, meta from operation_message where environment_id = $1', environmentId);
const endBackOff = ({ id }: AConnection) => query(`update connection set lease_until = null where id = $1`, id);

describe('a renewal', () => {
  it('stores what the answer adds to the connection, when the token was issued, and when it is due again', async () => {
    const answer = { status: 200, body: { access_token: 'new', instance_url: 'https://na1.example', scope: 'api' } };
    const name = await aConnection(test, {}, { provider: 'salesforce', connectionConfig: { own: '1', instance_url: 'old' } });
    await query(`update connection set scopes = '{"requested":["api","web"],"granted":["api","web"]}', refusals = '{"count":2}' where id = $1`, name.id);
    await storeWith(new StrictProvider({ answer }).send).fresh(name);
    const after = await row(name);
    expect(after).toMatchObject({ connection_config: { own: '1', instance_url: 'https://na1.example' }, scopes: { granted: ['api'] }, refusals: null });
    expect((after['credential_issued_at'] as Date).getTime()).toBeCloseTo(Date.now(), -4);
    expect(after['credential_renew_at']).toBeInstanceOf(Date);
  });

  it('works for a mode whose token is made anew from what the credential keeps', async () => {
    const provider = new StrictProvider({ answer: { status: 200, body: { access_token: 'new', expires_in: 60 } } });
    const login: Credentials = { type: 'OAUTH2_CC', token: 'old', client_id: 'own', client_secret: 'own-secret', expires_at: new Date(0), raw: {} };
    const name = await aConnection(test, { ...login, access_token: undefined } as Partial<Credentials>);
    expect((await storeWith(provider.send).fresh(name)).credentials).toMatchObject({ type: 'OAUTH2_CC', token: 'new', client_id: 'own' });
    expect(provider.calls[0]?.form).toMatchObject({ grant_type: 'client_credentials', client_secret: 'own-secret' });
  });

  it('asks again with the secret before the last rotation, while the overlap lasts', async () => {
    const send: SendForEnvironment = (_, { body = '' }) => {
      const isOld = fieldsOf(body)['client_secret'] === 'old-secret';
      const [status, answer] = isOld ? [200, { access_token: 'new' }] : [401, { error: 'invalid_client' }];
      return Promise.resolve({ status, headers: {}, text: JSON.stringify(answer) });
    };
    const name = await aConnection(test);
    await expect(storeWith(send).fresh(name)).rejects.toMatchObject({ code: 'refresh_token_external_error' });
    const sealed = await test.vault.sealText(name.environmentId, purposes.integrationClientSecret, 'old-secret');
    const rotate = `update integration set previous_client_secret = $2, previous_client_secret_until = now() + $3::interval where id = $1`;
    await query(rotate, name.integrationId, sealed, '-1 minute');
    await expect(storeWith(send).fresh(name, { force: true })).rejects.toMatchObject({ code: 'refresh_token_external_error' });
    await query(rotate, name.integrationId, sealed, '1 hour');
    expect((await storeWith(send).fresh(name, { force: true })).credentials).toMatchObject({ access_token: 'new' });
  });
});

describe('what a renewal knows', () => {
  it('is the integration’s client with its scopes, and its app', async () => {
    const name = await aConnection(test);
    const app = { app_id: '7', private_key: 'pem' };
    const sealed = await test.vault.sealText(name.environmentId, purposes.integrationAppKey, JSON.stringify(app));
    await query(`update integration set app_key = $2, config = '{"a":"1"}' where id = $1`, name.integrationId, sealed);
    const { client, integrationConfig } = await findConnection(test.pool, test.vault, name);
    expect(client).toEqual({ id: 'client-id', secret: 'client-secret', previousSecret: undefined, scopes: ['a', 'b'], app });
    expect(integrationConfig).toEqual({ a: '1' });
  });
});

describe('a failed renewal (R-05)', () => {
  it.each([
    ['an error', { status: 500, body: 'oops' }],
    ['a page', { status: 200, body: '<html>Down</html>' }],
    ['half of an answer', { status: 200, body: '{"access_token":"n' }],
    ['a redirect', { status: 302, body: '', headers: { location: 'https://evil.example' } }],
  ])('keeps the old token after %s, and is tried once within its back-off', async (_, answer) => {
    const provider = new StrictProvider({ answer });
    const store = storeWith(provider.send);
    const name = await aConnection(test);
    await expect(store.fresh(name)).rejects.toMatchObject({ code: 'refresh_token_external_error' });
    await expect(store.fresh(name)).rejects.toMatchObject({ code: 'connection_refresh_backoff' });
    expect(provider.calls).toHaveLength(1);
    expect((await store.read(name)).credentials).toMatchObject({ access_token: 'access-0', refresh_token: 'refresh-0' });
  });

  it('waits as long as the endpoint asks for', async () => {
    const provider = new StrictProvider({ answer: { status: 429, body: '', headers: { 'retry-after': '600' } } });
    const name = await aConnection(test);
    await expect(storeWith(provider.send).fresh(name)).rejects.toMatchObject({ code: 'refresh_token_external_error' });
    const until = (await row(name))['lease_until'] as Date;
    expect(until.getTime()).toBeCloseTo(Date.now() + 600_000, -4);
  });

  it('is explained where the request cannot be built', async () => {
    const name = await aConnection(test, {}, { provider: 'zendesk' });
    await expect(storeWith(new StrictProvider().send).fresh(name)).rejects.toMatchObject({ message: expect.stringContaining('connectionConfig.subdomain') });
  });
});

describe('a grant that the provider has revoked (R-07)', () => {
  it('is reported as a suspected reuse where it was used once only, and not asked for again and again', async () => {
    const provider = new StrictProvider({ answer: { status: 400, body: { error: 'invalid_grant' } } });
    const store = storeWith(provider.send);
    const name = await aConnection(test);
    await expect(store.fresh(name)).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(await messagesOf(name)).toContainEqual(expect.objectContaining({ meta: { event: 'auth.reuse_suspected' } }));
    expect(await query('select url from outbox_event where environment_id = $1', name.environmentId)).toHaveLength(1);
    const backsOff = (): Promise<void> => expect(store.fresh(name)).rejects.toMatchObject({ code: 'connection_refresh_backoff' });
    await backsOff();
    await endBackOff(name); // 30 seconds later
    await expect(store.fresh(name)).rejects.toMatchObject({ code: 'invalid_credentials' });
    for (let n = 0; n < 5; n++) await backsOff();
    expect(provider.calls).toHaveLength(2);
    const until = (await row(name))['lease_until'] as Date;
    expect(until.getTime()).toBeGreaterThan(Date.now() + 50 * 60_000);
    expect((await messagesOf(name)).filter(({ meta }) => JSON.stringify(meta).includes('reuse'))).toHaveLength(1);
  });

  it('is no suspicion where this token may have been used twice', async () => {
    const name = await aConnection(test);
    await query(
      `insert into refresh_attempt (id, environment_id, connection_id, credential_version, outcome) values (gen_random_uuid(), $1, $2, 1, 'unknown')`,
      name.environmentId,
      name.id,
    );
    const provider = new StrictProvider({ answer: { status: 400, body: { error: 'invalid_grant' } } });
    await expect(storeWith(provider.send).fresh(name)).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(JSON.stringify(await messagesOf(name))).not.toContain('reuse_suspected');
  });
});
