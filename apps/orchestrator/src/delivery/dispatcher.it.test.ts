import { createHash, createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../test/eventually.js';
import { startOrchestrator, startPlatform, type TestPlatform } from '../test/platform.js';
import { startDeliveryProxy, startReceiver } from '../test/receiver.js';
import { aScript } from '../test/rows.js';

type Row = { attempts: number; delivered: boolean; dead: boolean; last_error: string | null; wait: number | null };

describe('webhooks from the outbox', () => {
  let platform: TestPlatform;
  let proxy: Awaited<ReturnType<typeof startDeliveryProxy>>;

  beforeAll(async () => {
    proxy = await startDeliveryProxy();
    platform = await startPlatform({ PROXY_URL: proxy.url, ORCHESTRATOR_ROLE: 'worker' });
  });
  afterAll(async () => {
    await platform?.stop();
    await proxy?.stop();
  });

  const anEvent = async (url: string, attempts = 0) => {
    const { environmentId, secretKey } = await aScript(platform);
    const [id, operationId, body] = [randomUUID(), randomUUID(), '{"type":"sync","emoji":"é"}'];
    await platform.pool.query('INSERT INTO outbox_event (id, environment_id, operation_id, url, body, attempts) VALUES ($1, $2, $3, $4, $5, $6)', [
      id,
      environmentId,
      operationId,
      url,
      body,
      attempts,
    ]);
    await platform.pool.query(`SELECT pg_notify('outbox', '')`);
    return { id, body, secretKey, operationId };
  };
  const row = async (id: string) =>
    (
      await platform.pool.query<Row>(
        `SELECT attempts, delivered_at IS NOT NULL AS delivered, dead_at IS NOT NULL AS dead, last_error, extract(epoch FROM next_attempt_at - now())::float8 AS wait FROM outbox_event WHERE id = $1`,
        [id],
      )
    ).rows[0];
  const settled = (id: string, isSo: (state: Row) => boolean) => eventually(async () => ((state) => (state && isSo(state) ? state : null))(await row(id)));

  it('arrive once, with the bytes they were written with and every signature over them', async () => {
    const receiver = await startReceiver();
    const { id, body, secretKey, operationId } = await anEvent(receiver.url);
    expect(await settled(id, ({ delivered }) => delivered)).toMatchObject({ attempts: 1, dead: false, wait: null });
    expect(receiver.received).toHaveLength(1);
    const { headers } = receiver.received[0]!;
    expect(receiver.received[0]?.body).toBe(body);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-nango-signature': createHash('sha256')
        .update(secretKey + body)
        .digest('hex'),
      'x-nango-hmac-sha256': createHmac('sha256', secretKey).update(body).digest('hex'),
      'webhook-id': id,
      'webhook-signature': `v1,${createHmac('sha256', secretKey)
        .update(`${id}.${String(headers['webhook-timestamp'])}.${body}`)
        .digest('base64')}`,
    });
    const { rows } = await platform.pool.query('SELECT level, message, meta FROM operation_message WHERE operation_id = $1', [operationId]);
    expect(rows).toEqual([
      {
        level: 'info',
        message: 'Webhook delivered (200)',
        meta: expect.objectContaining({ status: 200, attempt: 1, url: expect.not.stringContaining('key=') }),
      },
    ]);
    await receiver.stop();
  });

  it('are tried again under the same id until they are taken', async () => {
    const receiver = await startReceiver((count) => (count < 1 ? 500 : 200));
    const { id } = await anEvent(receiver.url);
    expect(await settled(id, ({ last_error }) => last_error !== null)).toMatchObject({ attempts: 1, last_error: 'the receiver answered 500' });
    expect(await settled(id, ({ delivered }) => delivered)).toMatchObject({ attempts: 2, last_error: null });
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    await receiver.stop();
  });

  it('wait longer after each failure', async () => {
    const receiver = await startReceiver(() => 503);
    const { id } = await anEvent(receiver.url, 3);
    const { wait } = await settled(id, ({ last_error }) => last_error !== null);
    expect(wait).toBeGreaterThan(2 * 3_600 * 0.9 - 5);
    expect(wait).toBeLessThan(2 * 3_600 * 1.1 + 5);
    await receiver.stop();
  });

  it('are given up after the tenth attempt', async () => {
    const receiver = await startReceiver(() => 404);
    const { id } = await anEvent(receiver.url, 9);
    expect(await settled(id, ({ dead }) => dead)).toMatchObject({ attempts: 10, delivered: false, wait: null });
    await receiver.stop();
  });

  it('of an environment that is gone are given up', async () => {
    const id = randomUUID();
    await platform.pool.query(`INSERT INTO outbox_event (id, environment_id, url, body) VALUES ($1, 2000000000, 'http://a', '{}')`, [id]);
    await platform.pool.query(`SELECT pg_notify('outbox', '')`);
    expect(await settled(id, ({ dead }) => dead)).toMatchObject({ last_error: 'the environment is gone' });
  });

  it('to nobody count as failed', async () => {
    const receiver = await startReceiver();
    await receiver.stop();
    const { id } = await anEvent(receiver.url);
    expect(await settled(id, ({ last_error }) => last_error !== null)).toMatchObject({ attempts: 1, last_error: 'upstream_unreachable' });
  });

  it('that the proxy refuses to send count as failed', async () => {
    proxy.refuse(400);
    const { id } = await anEvent('http://169.254.169.254/');
    expect(await settled(id, ({ last_error }) => last_error !== null)).toMatchObject({ attempts: 1, last_error: 'url_not_allowed' });
    proxy.refuse(null);
  });

  it('lose no attempt while the proxy is away', async () => {
    const receiver = await startReceiver();
    proxy.refuse(503);
    const { id } = await anEvent(receiver.url);
    await settled(id, ({ attempts, wait }) => attempts === 0 && wait !== null && wait > 1 && wait < 10);
    proxy.refuse(null);
    expect(await settled(id, ({ delivered }) => delivered)).toMatchObject({ attempts: 1 });
    await receiver.stop();
  });

  it('arrive once each when two dispatchers share the work', async () => {
    const receiver = await startReceiver();
    const second = await startOrchestrator(platform.configuration);
    const { environmentId } = await aScript(platform);
    await platform.pool.query(`INSERT INTO outbox_event (id, environment_id, url, body) SELECT gen_random_uuid(), $1, $2, '{}' FROM generate_series(1, 200)`, [
      environmentId,
      receiver.url,
    ]);
    await platform.pool.query(`SELECT pg_notify('outbox', '')`);
    await eventually(async () => receiver.received.length >= 200);
    await second.close();
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(200);
    expect(receiver.received).toHaveLength(200);
    await receiver.stop();
  });
});
