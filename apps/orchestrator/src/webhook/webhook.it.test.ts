import { purposes } from 'credentials';
import type { ConnectionMatch, InboxWebhook, WebhookDelivery } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExecutionSweep } from '../sweep/execution-sweep.js';
import { eventually } from '../test/eventually.js';
import { startPlatform, type TestPlatform } from '../test/platform.js';
import { startDeliveryProxy, startReceiver } from '../test/receiver.js';
import { aSync, type ScriptOptions } from '../test/rows.js';
import { Killed, type Script, startRunner } from '../test/runner.js';

type Run = { id: string; status: string; run_kind: string; sync_id: string; batch_id: string; connection: string; input: unknown };

describe('a webhook in the inbox', () => {
  let platform: TestPlatform;
  let proxy: Awaited<ReturnType<typeof startDeliveryProxy>>;
  let runner: { stop(): Promise<void> };
  const scripts = new Map<string, Script>();

  beforeAll(async () => {
    proxy = await startDeliveryProxy();
    platform = await startPlatform({ PROXY_URL: proxy.url });
    runner = await startRunner(platform, (api) => (scripts.get(api.context.scriptName) ?? (async () => undefined))(api));
  });
  afterAll(async () => {
    await runner?.stop();
    await platform?.stop();
    await proxy?.stop();
  });

  type Place = Awaited<ReturnType<typeof aSync>>;
  const subscribed = (options: ScriptOptions = {}): Promise<Place> => aSync(platform, { state: 'paused', webhookSubscriptions: ['made'], ...options });
  const query = <T extends object>(sql: string, values: unknown[]): Promise<T[]> => platform.pool.query<T>(sql, values).then(({ rows }) => rows);

  /** Another connection of the integration, with its sync of the script. */
  async function another(
    { environmentId, integrationId, scriptId }: Place,
    name: string,
    { metadata = {}, config = {} }: { metadata?: object; config?: object } = {},
  ) {
    await query(
      `WITH made AS (INSERT INTO connection (environment_id, integration_id, connection_id, credentials, metadata, connection_config) VALUES ($1, $2, $3, 'x', $4, $5) RETURNING id)
       INSERT INTO sync (environment_id, connection_id, script_id, state) SELECT $1, id, $6, 'paused' FROM made`,
      [environmentId, integrationId, name, metadata, config, scriptId],
    );
  }

  let sent = 0;
  /** As the server keeps a webhook. */
  async function arrive(
    { environmentId, integrationId }: Place,
    delivery: Partial<WebhookDelivery> = {},
    content: Partial<InboxWebhook> = {},
  ): Promise<number> {
    const n = (sent += 1);
    const body = { n };
    const whole: WebhookDelivery = { types: ['made'], match: { by: 'all' }, ...delivery };
    const webhook = { deliveries: [whole], body, raw: JSON.stringify(body), contentType: 'application/json', headers: { 'x-event': 'made' }, ...content };
    const sealed = await platform.vault.seal(environmentId, purposes.webhookContent, Buffer.from(JSON.stringify(webhook)));
    const [row] = await query<{ id: number }>(
      `WITH kept AS (INSERT INTO webhook_inbox (environment_id, integration_id, key, content) VALUES ($1, $2, $3, $4) RETURNING id) SELECT id, pg_notify('webhook_inbox', '') FROM kept`,
      [environmentId, integrationId, `id:${n}`, Buffer.from(sealed)],
    );
    return row?.id ?? 0;
  }
  const routed = (id: number) => eventually(async () => (await query(`SELECT 1 FROM webhook_inbox WHERE id = $1 AND routed_at IS NOT NULL`, [id]))[0]);
  const runsOf = ({ environmentId }: Place) =>
    query<Run>(
      `SELECT e.id, e.status, e.run_kind, e.sync_id, e.batch_id, c.connection_id AS connection FROM execution e JOIN connection c ON c.id = e.connection_id
       WHERE e.environment_id = $1 AND e.kind = 'webhook' ORDER BY c.connection_id, e.created_at`,
      [environmentId],
    );
  const ended = (place: Place, count = 1) =>
    eventually(async () => {
      const runs = await runsOf(place);
      return runs.length >= count && runs.every(({ status }) => !['queued', 'running'].includes(status)) ? runs : null;
    });

  it('runs the script of the sync that subscribes to it, whose records the product is told of as WEBHOOK', async () => {
    const receiver = await startReceiver();
    const seen: unknown[] = [];
    scripts.set('saves', async ({ save, input, context }) => {
      seen.push(input, context.entry, context.kind, context.syncId);
      await save('Task', [{ id: '1' }]);
    });
    const place = await subscribed({ name: 'saves', webhookUrl: receiver.url, trackDeletes: true });
    await query(`UPDATE integration SET forward_webhooks = false WHERE id = $1`, [place.integrationId]);
    await platform.records.counts(place.environmentId, place.connectionId);
    await arrive(place, {}, { body: { hello: 'world' } });
    const [run] = await ended(place);
    expect(run).toMatchObject({ status: 'succeeded', run_kind: 'WEBHOOK', sync_id: place.syncId });
    expect(seen).toEqual([{ hello: 'world' }, 'onWebhookPayloadReceived', 'webhook', place.syncId]);
    await eventually(async () => receiver.received.length > 0);
    expect(receiver.received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: 'sync', syncType: 'WEBHOOK', success: true, model: 'Task', responseResults: { added: 1, updated: 0, deleted: 0 } },
    ]);
    const [sync] = await query(`SELECT last_sync_date, lease_execution_id FROM sync WHERE id = $1`, [place.syncId]);
    expect(sync).toEqual({ last_sync_date: null, lease_execution_id: null });
    await receiver.stop();
  });

  it.each([
    ['all', { by: 'all' }, ['a', 'b', 'c1']],
    ['none', { by: 'none' }, []],
    ['the one of an id', { by: 'connectionId', value: 'b' }, ['b']],
    ['those with a value in their config, whose name holds a dot', { by: 'config', name: 'team.id', value: 'T1' }, ['a', 'b']],
    ['those with a value in their metadata', { by: 'metadata', path: ['deep', 'key'], value: '7' }, ['b']],
    ['nobody of another value', { by: 'config', name: 'team.id', value: 'T2' }, []],
  ] as [string, ConnectionMatch, string[]][])('concerns %s', async (_, match, connections) => {
    const place = await subscribed();
    await another(place, 'a', { config: { 'team.id': 'T1' } });
    await another(place, 'b', { config: { 'team.id': 'T1' }, metadata: { deep: { key: 7 } } });
    await another(place, 'gone', { config: { 'team.id': 'T1' } });
    await query(`UPDATE connection SET deleted_at = now() WHERE environment_id = $1 AND connection_id = 'gone'`, [place.environmentId]);
    await routed(await arrive(place, { match }));
    expect((await ended(place, connections.length)).map(({ connection }) => connection)).toEqual(connections);
  });

  it('runs a sync once, whichever of its subscriptions match, and only one that is enabled', async () => {
    const twice = await subscribed({ webhookSubscriptions: ['made', 'changed', '*'] });
    await routed(await arrive(twice, { types: ['made', 'changed'] }));
    expect(await ended(twice)).toHaveLength(1);
    const all = await subscribed({ webhookSubscriptions: ['*'] });
    await routed(await arrive(all, { types: [] }));
    expect(await ended(all)).toHaveLength(1);
    const [other, off] = [await subscribed({ webhookSubscriptions: ['another'] }), await subscribed()];
    await query(`UPDATE script SET enabled = false WHERE id = $1`, [off.scriptId]);
    for (const place of [other, off]) {
      await routed(await arrive(place));
      expect(await runsOf(place)).toEqual([]);
    }
  });

  it('is told to the team where no connection matches', async () => {
    const place = await subscribed();
    await routed(await arrive(place, { match: { by: 'none' } }));
    const notes = await query(
      `SELECT o.kind, o.title, o.status, m.message FROM operation o JOIN operation_message m ON m.operation_id = o.id WHERE o.environment_id = $1`,
      [place.environmentId],
    );
    expect(notes).toEqual([{ kind: 'webhook', title: 'made', status: 'success', message: 'No connection matches this webhook' }]);
  });

  it('is forwarded in an envelope for each connection, sealed until then', async () => {
    const receiver = await startReceiver();
    const place = await subscribed({ webhookUrl: receiver.url, webhookSubscriptions: [] });
    await another(place, 'a');
    proxy.refuse(503);
    await routed(await arrive(place, {}, { body: { planted: 'words' } }));
    const rows = await query<{ body: string }>(`SELECT body FROM outbox_event WHERE environment_id = $1`, [place.environmentId]);
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain('planted');
    proxy.refuse(null);
    await eventually(async () => {
      // The refused attempt may end after this and put the next one off.
      await query(`UPDATE outbox_event SET next_attempt_at = now() WHERE environment_id = $1 AND delivered_at IS NULL`, [place.environmentId]);
      await query(`SELECT pg_notify('outbox', '')`, []);
      return receiver.received.length >= 2;
    });
    // What is put off and on again while it is on its way may arrive twice.
    const bodies = [...new Set(receiver.received.map(({ body }) => body))]
      .map((body) => JSON.parse(body))
      .toSorted((a, b) => (a.connectionId < b.connectionId ? -1 : 1));
    const envelope = { from: 'asana', providerConfigKey: 'asana-dev', type: 'forward', payload: { planted: 'words' } };
    expect(bodies).toEqual([
      { ...envelope, connectionId: 'a' },
      { ...envelope, connectionId: 'c1' },
    ]);
    expect(receiver.received[0]?.headers).toMatchObject({ 'x-event': 'made', 'x-nango-signature': expect.any(String) });
    await receiver.stop();
  });

  it('is forwarded as it came where no connection matches, and not at all where the team does not want that', async () => {
    const receiver = await startReceiver();
    const place = await subscribed({ webhookUrl: receiver.url });
    await arrive(place, { match: { by: 'none' } }, { raw: '<a>1</a>', body: '<a>1</a>', contentType: 'text/xml' });
    await eventually(async () => receiver.received.length === 1);
    expect(receiver.received[0]).toMatchObject({ body: '<a>1</a>', headers: { 'content-type': 'text/xml' } });
    await query(`UPDATE integration SET forward_webhooks = false WHERE id = $1`, [place.integrationId]);
    await routed(await arrive(place, { match: { by: 'none' } }));
    expect(await query(`SELECT 1 FROM outbox_event WHERE environment_id = $1`, [place.environmentId])).toHaveLength(1);
    await receiver.stop();
  });

  it('splits its body where it holds several events', async () => {
    const seen: unknown[] = [];
    scripts.set('parts', async ({ input }) => void seen.push(input));
    const place = await subscribed({ name: 'parts' });
    const part = (n: number): WebhookDelivery => ({ types: ['made'], match: { by: 'all' }, payload: { part: n } });
    await arrive(place, {}, { deliveries: [part(1), part(2)] });
    await ended(place, 2);
    expect(seen).toHaveLength(2);
    expect(seen).toEqual(expect.arrayContaining([{ part: 1 }, { part: 2 }]));
  });

  it('whose script fails is not run again, and leaves the sync’s standing alone', async () => {
    let runs = 0;
    scripts.set('fails', async () => {
      runs += 1;
      throw new Error('it does not like this');
    });
    const place = await subscribed({ name: 'fails' });
    await arrive(place);
    expect(await ended(place)).toMatchObject([{ status: 'failed' }]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(runs).toBe(1);
    expect(await query(`SELECT 1 FROM connection_error WHERE environment_id = $1`, [place.environmentId])).toEqual([]);
  });

  it('whose runner is killed is resumed or ends with a clear error', async () => {
    let runs = 0;
    scripts.set('killed', async () => {
      if ((runs += 1) === 1) throw new Killed();
    });
    const place = await subscribed({ name: 'killed' });
    await arrive(place);
    const [run] = await ended(place);
    const result = await platform.executions.find(place.environmentId, run!.id);
    expect(result?.status === 'succeeded' || result?.error?.code === 'execution_interrupted').toBe(true);
  });

  it('in a burst is run in few workflows', async () => {
    const place = await subscribed({ name: 'burst' });
    const rows = await Promise.all(Array.from({ length: 60 }, () => arrive(place)));
    await routed(rows.at(-1) ?? 0);
    const runs = await ended(place, 60);
    expect(runs).toHaveLength(60);
    expect(runs.every(({ status }) => status === 'succeeded')).toBe(true);
    expect(new Set(runs.map(({ batch_id }) => batch_id)).size).toBeLessThan(60);
  });

  it('that was routed and not started is started by the sweep', async () => {
    const place = await subscribed({ name: 'swept' });
    const batchId = crypto.randomUUID();
    const { executionId } = await platform.executions.open({ ...place, kind: 'webhook', input: { n: 1 } });
    await query(`UPDATE execution SET batch_id = $2, run_kind = 'WEBHOOK' WHERE id = $1`, [executionId, batchId]);
    await platform.service.app.get(ExecutionSweep, { strict: false }).sweep(0);
    expect(await ended(place)).toMatchObject([{ id: executionId, status: 'succeeded' }]);
  });

  it('that cannot be read keeps nobody waiting', async () => {
    const place = await subscribed();
    const damaged = await query<{ id: number }>(
      `INSERT INTO webhook_inbox (environment_id, integration_id, key, content) VALUES ($1, $2, 'damaged', '\\x00') RETURNING id`,
      [place.environmentId, place.integrationId],
    );
    await routed(await arrive(place));
    await routed(damaged[0]?.id ?? 0);
    expect(await ended(place)).toHaveLength(1);
  });
});
