import { openPool } from 'database';
import type { OAuth2Credentials } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, StrictProvider } from '../test/connection.js';
import { openVault, type TestVault } from '../test/vault.js';
import { keyringFrom } from '../vault/keyring.js';
import { Vault } from '../vault/vault.js';
import { beginAttempt, storeAnswer } from './attempt-log.js';
import { sealCredentials } from '../vault/connection-credentials.js';
import { findConnection } from './connection-row.js';
import { CredentialStore, type SendForEnvironment } from './credential-store.js';
import { takeLease } from './lease.js';

let test: TestVault;

beforeAll(async () => {
  test = await openVault();
});
afterAll(() => test.close());

const storeWith = (request: SendForEnvironment): CredentialStore => new CredentialStore(test.pool, test.vault, request);
const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);
const row = async (id: number): Promise<Record<string, unknown>> =>
  (await test.pool.query('select * from connection where id = $1', [id])).rows[0] as Record<string, unknown>;
const rowsOf = async (table: string, id: number): Promise<Record<string, unknown>[]> =>
  (await test.pool.query<Record<string, unknown>>(`select * from ${table} where connection_id = $1`, [id])).rows;

describe('when a credential is refreshed', () => {
  it('refreshes a token that expires within fifteen minutes, with the integration’s client', async () => {
    const provider = new StrictProvider();
    const name = await aConnection(test, { expires_at: inMinutes(14) });
    const { credentials, version } = await storeWith(provider.send).fresh(name);
    expect(credentials).toMatchObject({ access_token: 'access-1', refresh_token: 'refresh-1' });
    expect(version).toBe(2);
    expect(provider.calls[0]).toMatchObject({
      url: expect.stringContaining('github.com'),
      form: { client_id: 'client-id', client_secret: 'client-secret', refresh_token: 'refresh-0' },
    });
    const after = await row(name.id);
    expect(after).toMatchObject({ credential_version: 2, lease_token: null, lease_until: null });
    expect((after['credential_expires_at'] as Date).getTime()).toBeCloseTo(inMinutes(60).getTime(), -4);
    expect(await rowsOf('refresh_attempt', name.id)).toMatchObject([{ outcome: 'applied', response: null }]);
  });

  it('leaves alone one that lasts, one without an end, one without a refresh token and other kinds, even when forced', async () => {
    const provider = new StrictProvider();
    const store = storeWith(provider.send);
    const lasting = await aConnection(test, { expires_at: inMinutes(16) });
    const endless = await aConnection(test, { expires_at: undefined });
    const single = await aConnection(test, { refresh_token: undefined });
    const key = await aConnection(test, { type: 'API_KEY', apiKey: 'k' });
    for (const name of [lasting, endless, single, key]) await store.fresh(name);
    for (const name of [single, key]) await store.fresh(name, { force: true });
    expect(provider.calls).toEqual([]);
    expect((await store.fresh(key)).credentials).toEqual({ type: 'API_KEY', apiKey: 'k' });
    await store.fresh(lasting, { force: true });
    expect(provider.calls).toHaveLength(1);
  });

  it('keeps the old refresh token where the provider returns none, and prefers the connection’s own client', async () => {
    const provider = new StrictProvider({ answer: { status: 200, body: { access_token: 'new' } } });
    const name = await aConnection(test, { config_override: { client_id: 'own' } });
    const { credentials } = await storeWith(provider.send).fresh(name);
    expect(credentials).toMatchObject({ access_token: 'new', refresh_token: 'refresh-0' });
    expect((credentials as OAuth2Credentials).expires_at?.getTime()).toBeCloseTo(inMinutes(24 * 60).getTime(), -5);
    expect(provider.calls[0]?.form).toMatchObject({ client_id: 'own', client_secret: 'client-secret' });
  });

  it('knows no connection of another environment, and none that is deleted', async () => {
    const [ours, theirs] = [await aConnection(test), await aConnection(test)];
    const store = storeWith(new StrictProvider().send);
    await expect(store.fresh({ ...ours, environmentId: theirs.environmentId })).rejects.toMatchObject({ code: 'unknown_connection' });
    await expect(store.fresh({ ...ours, providerConfigKey: 'gitlab' })).rejects.toMatchObject({ code: 'unknown_provider_config' });
    await test.pool.query('update connection set deleted_at = now() where id = $1', [ours.id]);
    await expect(store.read(ours)).rejects.toMatchObject({ code: 'unknown_connection' });
  });
});

describe('however many ask', () => {
  it.each([0, 1200])('the provider is called once: four processes, twenty-five calls each, an endpoint that takes %i ms (R-01, R-02)', async (delayMs) => {
    const provider = new StrictProvider({ delayMs });
    const name = await aConnection(test);
    const pools = Array.from({ length: 4 }, () => openPool(test.url, { max: 5 }));
    const stores = pools.map((pool) => new CredentialStore(pool, new Vault(pool, keyringFrom(test.key)), provider.send));
    const answers = await Promise.all(stores.flatMap((store) => Array.from({ length: 25 }, () => store.fresh(name))));
    await Promise.all(pools.map((pool) => pool.end()));
    expect(provider.calls).toHaveLength(1);
    expect(answers.every((answer) => answer.version === 2 && (answer.credentials as OAuth2Credentials).access_token === 'access-1')).toBe(true);
  });

  it('all are told when it fails, after one call', async () => {
    const provider = new StrictProvider({ delayMs: 300, answer: { status: 503, body: 'down' } });
    const name = await aConnection(test);
    const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => storeWith(provider.send).fresh(name)));
    expect(outcomes.every((outcome) => outcome.status === 'rejected')).toBe(true);
    expect(provider.calls).toHaveLength(1);
  });
});

describe('when the provider refuses', () => {
  it('records the failure, names the standing problem, tells the product once, and backs off for 30 seconds', async () => {
    const provider = new StrictProvider();
    const name = await aConnection(test, { refresh_token: 'revoked-token' });
    const store = storeWith(provider.send);
    await expect(store.fresh(name)).rejects.toMatchObject({ code: 'invalid_credentials', status: 424 });
    await expect(store.fresh(name)).rejects.toMatchObject({ code: 'connection_refresh_backoff', status: 424 });
    expect(provider.calls).toHaveLength(1);
    expect(await row(name.id)).toMatchObject({ refresh_failures: 1, lease_token: null, credential_version: 1 });
    const [problem] = await rowsOf('connection_error', name.id);
    const operation = await test.pool.query('select * from operation where id = $1', [problem!['operation_id']]);
    expect(operation.rows[0]).toMatchObject({ kind: 'auth', status: 'failed', integration: 'github', connection_id: name.connectionId });

    await expect(store.fresh(name, { force: true })).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(await rowsOf('connection_error', name.id)).toHaveLength(1);
    const events = await test.pool.query<{ url: string; body: string }>('select url, body from outbox_event where environment_id = $1', [name.environmentId]);
    expect(events.rows).toHaveLength(1);
    expect(JSON.parse(events.rows[0]!.body)).toMatchObject({
      type: 'auth',
      operation: 'refresh',
      success: false,
      connectionId: name.connectionId,
      environment: 'dev',
    });
    const messages = await test.pool.query('select * from operation_message where environment_id = $1', [name.environmentId]);
    expect(JSON.stringify([messages.rows, events.rows])).not.toContain('revoked-token');
  });

  it('counts one failure a day and gives up after four, until the credential is replaced', async () => {
    const provider = new StrictProvider({ answer: { status: 400, body: { error: 'invalid_grant' } } });
    const name = await aConnection(test);
    const store = storeWith(provider.send);
    await expect(store.fresh(name, { force: true })).rejects.toMatchObject({ code: 'invalid_credentials' });
    for (let day = 1; day <= 4; day++) {
      await expect(store.fresh(name, { force: true })).rejects.toMatchObject({ code: 'invalid_credentials' });
      expect(await row(name.id)).toMatchObject({ refresh_failures: day });
      await test.pool.query(`update connection set last_refresh_failure = last_refresh_failure - interval '1 day' where id = $1`, [name.id]);
    }
    const before = provider.calls.length;
    await expect(store.fresh(name, { force: true })).rejects.toMatchObject({ code: 'connection_refresh_exhausted' });
    expect(provider.calls).toHaveLength(before);
  });

  it('forgets its troubles with the first success', async () => {
    const name = await aConnection(test);
    const down = new StrictProvider({ answer: { status: 500, body: '<html>' } });
    await expect(storeWith(down.send).fresh(name)).rejects.toMatchObject({ code: 'refresh_token_external_error' });
    await storeWith(new StrictProvider().send).fresh(name, { force: true });
    expect(await row(name.id)).toMatchObject({ refresh_failures: 0, last_refresh_failure: null });
    expect(await rowsOf('connection_error', name.id)).toEqual([]);
  });

  it('keeps a secret in a network error out of its own', async () => {
    const name = await aConnection(test);
    const cause = Object.assign(new Error('connect https://x.example/?refresh_token=refresh-0'), { code: 'ECONNREFUSED' });
    const unreachable: SendForEnvironment = () => Promise.reject(cause);
    const error = (await storeWith(unreachable)
      .fresh(name)
      .catch((thrown: Error) => thrown)) as Error;
    expect(error).toMatchObject({ code: 'refresh_token_external_error' });
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).not.toContain('refresh-0');
    expect(await rowsOf('refresh_attempt', name.id)).toMatchObject([{ outcome: 'unknown' }]);
  });
});

describe('after a crash (R-03)', () => {
  it('between the answer’s store and the commit, the stored answer is applied and nobody is called', async () => {
    const provider = new StrictProvider();
    const name = await aConnection(test);
    await crashed(name, true);
    const { credentials } = await storeWith(provider.send).fresh(name);
    expect(credentials).toMatchObject({ access_token: 'rescued', refresh_token: 'refresh-9' });
    expect(provider.calls).toEqual([]);
  });

  it('before an answer came, the old refresh token is tried once more', async () => {
    const provider = new StrictProvider();
    const name = await aConnection(test);
    await crashed(name, false);
    expect((await storeWith(provider.send).fresh(name)).credentials).toMatchObject({ access_token: 'access-1' });
    expect((await rowsOf('refresh_attempt', name.id)).map(({ outcome }) => outcome).toSorted()).toEqual(['applied', 'unknown']);
  });

  it('the sweep does either without anybody asking, once', async () => {
    const provider = new StrictProvider();
    const [answered, silent] = [await aConnection(test), await aConnection(test)];
    await crashed(answered, true);
    await crashed(silent, false);
    const store = storeWith(provider.send);
    expect(await store.recover()).toBe(2);
    expect(await store.recover()).toBe(0);
    expect((await store.read(answered)).credentials).toMatchObject({ access_token: 'rescued' });
    expect((await store.read(silent)).credentials).toMatchObject({ access_token: 'access-1' });
    expect(provider.calls).toHaveLength(1);
  });

  it('a late answer is kept when the lease had lapsed meanwhile and a successor was refused', async () => {
    const name = await aConnection(test);
    const late = new StrictProvider();
    const slow: SendForEnvironment = async (...request) => {
      const answer = await late.send(...request);
      await test.pool.query(`update connection set lease_until = now() - interval '1 second' where id = $1`, [name.id]);
      // The successor is refused, for the token is spent; it finds nothing stored yet.
      await expect(storeWith(late.send).fresh(name)).rejects.toMatchObject({ code: 'invalid_credentials' });
      return answer;
    };
    expect((await storeWith(slow).fresh(name)).credentials).toMatchObject({ access_token: 'access-1' });
    expect(await row(name.id)).toMatchObject({ credential_version: 2, refresh_failures: 0, lease_token: null });
    expect((await storeWith(late.send).fresh(name)).credentials).toMatchObject({ refresh_token: 'refresh-1' });
    expect(late.calls).toHaveLength(2);
  });

  it('a holder whose lease lapsed does not overwrite a credential that was replaced meanwhile', async () => {
    const name = await aConnection(test);
    const { integrationId } = await findConnection(test.pool, test.vault, name);
    const imported = await sealCredentials(test.vault, { ...name, integrationId }, { type: 'OAUTH2', access_token: 'imported', raw: {} });
    const slow: SendForEnvironment = async () => {
      await test.pool.query(
        'update connection set credentials = $2, credential_version = credential_version + 1, lease_token = null, lease_until = null where id = $1',
        [name.id, imported],
      );
      return { status: 200, headers: {}, text: JSON.stringify({ access_token: 'late' }) };
    };
    expect((await storeWith(slow).fresh(name)).credentials).toMatchObject({ access_token: 'imported' });
    expect((await storeWith(slow).read(name)).credentials).toMatchObject({ access_token: 'imported' });
  });

  it('an answer that finds the database away is stored when it is back (R-04)', async () => {
    const provider = new StrictProvider();
    const name = await aConnection(test);
    const pool = openPool(test.url);
    const request: SendForEnvironment = async (...asked) => {
      const answer = await provider.send(...asked);
      let failures = 3;
      const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;
      pool.query = ((...args: unknown[]) =>
        failures-- > 0 ? Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })) : query(...args)) as typeof pool.query;
      return answer;
    };
    const { credentials } = await new CredentialStore(pool, test.vault, request).fresh(name);
    await pool.end();
    expect(credentials).toMatchObject({ access_token: 'access-1' });
    expect(provider.calls).toHaveLength(1);
  });
});

/** A process that died with the lease, which has lapsed since: after the provider's answer was stored, or before one came. */
async function crashed(name: Awaited<ReturnType<typeof aConnection>>, answered: boolean): Promise<void> {
  const connection = await findConnection(test.pool, test.vault, name);
  await takeLease(test.pool, connection);
  const attemptId = await beginAttempt(test.pool, connection);
  const body = { access_token: 'rescued', refresh_token: 'refresh-9', expires_in: 3600 };
  if (answered) await storeAnswer(test.pool, test.vault, connection, { attemptId, answer: { status: 200, body }, receivedAt: new Date() });
  await test.pool.query(`update connection set lease_until = now() - interval '1 second' where id = $1`, [name.id]);
  await test.pool.query(`update refresh_attempt set started_at = now() - interval '1 minute' where id = $1`, [attemptId]);
}
