import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestProxy, type TestConnection } from '../test/proxy.js';
import { type Handler, json } from '../test/upstream.js';

const oauthClient = { id: 'client', secret: 'secret' };
const raw =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);

describe('R-05 a token endpoint that answers', () => {
  let proxy: TestProxy;
  let connection: TestConnection;
  const tokenCalls = () => proxy.upstream.seen.filter(({ url }) => url === '/oauth/token').length;
  beforeAll(async () => {
    proxy = await TestProxy.start();
  });
  afterAll(() => proxy?.stop());
  beforeEach(async () => {
    proxy.upstream.seen.length = 0;
    const credentials = { type: 'OAUTH2' as const, access_token: 'old', refresh_token: 'refresh-1', expires_at: new Date(Date.now() - 1_000), raw: {} };
    connection = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials, oauthClient });
  });
  const status = async (): Promise<number> => (await proxy.call(connection, '/items')).status;
  const passBackOff = () => proxy.pool.query(`UPDATE connection SET lease_until = now() - interval '1 second' WHERE id = $1`, [connection.id]);
  const backOffSeconds = async (): Promise<number> =>
    Number(
      (await proxy.pool.query<{ left: number }>('SELECT extract(epoch FROM lease_until - now()) AS left FROM connection WHERE id = $1', [connection.id]))
        .rows[0]?.left,
    );

  it.each<[string, number, Handler]>([
    ['with 500', 30, json(500, { error: 'server_error' })],
    ['with 503 and no Retry-After', 30, raw(503, 'down')],
    ['with 429 and Retry-After in seconds', 120, json(429, {}, { 'retry-after': '120' })],
    [
      'with 429 and Retry-After as a date',
      300,
      (seen, response) => raw(429, '', { 'retry-after': new Date(Date.now() + 300_000).toUTCString() })(seen, response),
    ],
    ['with a page and 200', 30, raw(200, '<!doctype html><h1>Log in</h1>', { 'content-type': 'text/html' })],
    ['with 10 MB', 30, raw(200, Buffer.alloc(10_000_000, 'x'), { 'content-type': 'application/json' })],
    ['with JSON that breaks off', 30, raw(200, '{"access_token":"new","refresh_', { 'content-type': 'application/json' })],
    ['with nothing', 30, raw(200, '')],
    ['with null', 30, raw(200, 'null', { 'content-type': 'application/json' })],
    ['with JSON nested 100,000 deep', 30, raw(200, '['.repeat(100_000), { 'content-type': 'application/json' })],
    ['with bytes that are no text', 30, raw(200, Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x80]), {})],
    ['with a broken connection', 30, (_, response) => void response.destroy()],
    [
      'with a body that is shorter than it says',
      30,
      (_, response) => void (response.writeHead(200, { 'content-length': '500' }), response.write('{"a'), response.destroy()),
    ],
    ['with an error inside a 200', 30, json(200, { error: 'temporarily_unavailable' })],
  ])('%s keeps the old token, is asked once in %i s, and the next answer that is right counts', async (_, seconds, answer) => {
    proxy.upstream.answers('/oauth/token', answer);
    expect(new Set(await Promise.all(Array.from({ length: 10 }, status)))).toEqual(new Set([424]));
    expect(await status()).toBe(424);
    expect(tokenCalls()).toBe(1);
    const left = await backOffSeconds();
    expect([left > seconds - 15, left <= seconds]).toEqual([true, true]);

    await passBackOff();
    proxy.upstream.answers('/oauth/token', json(200, { access_token: 'new', refresh_token: 'refresh-2', expires_in: 3600 }));
    expect(await status()).toBe(200);
    expect(proxy.upstream.seen.findLast(({ url }) => url === '/oauth/token')?.body.toString()).toContain('refresh_token=refresh-1');
    expect(proxy.upstream.last.headers.authorization).toBe('Bearer new');
  });

  it('by keeping a 429 for a year is not left alone for longer than an hour', async () => {
    proxy.upstream.answers('/oauth/token', json(429, {}, { 'retry-after': '31536000' }));
    expect(await status()).toBe(424);
    expect(await backOffSeconds()).toBeLessThanOrEqual(3_600);
  });
});

describe('R-07 a family of tokens that its provider revoked', () => {
  let proxy: TestProxy;
  beforeAll(async () => {
    proxy = await TestProxy.start();
    await proxy.pool.query(`UPDATE environment SET webhook_url = 'https://product.example/hook', on_auth_refresh_error = true`);
  });
  afterAll(() => proxy?.stop());

  it('is told of as a theft that is possible, with a webhook at once, and is not asked for again and again', async () => {
    proxy.upstream.answers('/oauth/token', json(400, { error: 'invalid_grant', error_description: 'grant revoked' }));
    const credentials = { type: 'OAUTH2' as const, access_token: 'old', refresh_token: 'stolen-refresh', expires_at: new Date(Date.now() - 1_000), raw: {} };
    const connection = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials, oauthClient });
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await proxy.call(connection, '/items')).status));
    expect(new Set(statuses)).toEqual(new Set([424]));
    const messages = await proxy.pool.query(
      `SELECT m.message FROM operation_message m JOIN operation o ON o.id = m.operation_id WHERE o.connection_id = $1 AND m.meta->>'event' = 'auth.reuse_suspected'`,
      [connection.connectionId],
    );
    const { rows } = await proxy.pool.query<{ body: string }>(`SELECT body FROM outbox_event WHERE body LIKE '%' || $1 || '%'`, [connection.connectionId]);
    expect(messages.rows).toHaveLength(1);
    expect(rows.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
      { type: 'auth', operation: 'refresh', success: false, error: { type: 'invalid_credentials' } },
    ]);
    expect(JSON.stringify([messages.rows, rows])).not.toContain('stolen-refresh');
    // The next back-off window: one further try, then an hour.
    await proxy.pool.query(`UPDATE connection SET lease_until = now() - interval '1 second' WHERE id = $1`, [connection.id]);
    for (let n = 0; n < 5; n++) expect((await proxy.call(connection, '/items')).status).toBe(424);
    expect(proxy.upstream.seen.filter(({ url }) => url === '/oauth/token')).toHaveLength(2);
    const { rows: again } = await proxy.pool.query(`SELECT 1 FROM outbox_event WHERE body LIKE '%' || $1 || '%'`, [connection.connectionId]);
    expect(again).toHaveLength(1);
  });
});
