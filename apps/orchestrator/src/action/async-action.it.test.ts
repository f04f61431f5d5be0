import { actionWorkflowId } from 'workflows';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../test/eventually.js';
import { startPlatform, type TestPlatform } from '../test/platform.js';
import { startDeliveryProxy, startReceiver } from '../test/receiver.js';
import { aScript, type ScriptOptions } from '../test/rows.js';
import { type Script, startRunner } from '../test/runner.js';
import { AsyncActionService } from './async-action.service.js';

type Row = { execution_id: string; current_id: string; retries: number; settled: boolean; started: boolean };

describe('an asynchronous action', () => {
  let platform: TestPlatform;
  let proxy: Awaited<ReturnType<typeof startDeliveryProxy>>;
  let runner: { stop(): Promise<void> };
  const scripts = new Map<string, Script>();

  beforeAll(async () => {
    proxy = await startDeliveryProxy();
    platform = await startPlatform({ PROXY_URL: proxy.url });
    runner = await startRunner(platform, (api) => (scripts.get(api.context.scriptName) ?? (async () => 'done'))(api));
  });
  afterAll(async () => {
    await runner?.stop();
    await platform?.stop();
    await proxy?.stop();
  });

  type Place = Awaited<ReturnType<typeof aScript>>;
  const anAction = (options: ScriptOptions = {}): Promise<Place> => aScript(platform, { type: 'action', ...options });
  const query = <T extends object>(sql: string, values: unknown[]): Promise<T[]> => platform.pool.query<T>(sql, values).then(({ rows }) => rows);

  /** As the server queues one. */
  async function enqueue(place: Place, { input = 1 as unknown, maxRetries = 0, notify = true } = {}): Promise<string> {
    const { executionId } = await platform.executions.open({ ...place, kind: 'action', input });
    await query(`INSERT INTO async_action (environment_id, execution_id, current_id, max_retries) VALUES ($1, $2, $2, $3)`, [
      place.environmentId,
      executionId,
      maxRetries,
    ]);
    if (notify) await query(`SELECT pg_notify('async_action', '')`, []);
    return executionId;
  }
  const rowOf = async (id: string): Promise<Row> =>
    (
      await query<Row>(
        `SELECT execution_id, current_id, retries, settled_at IS NOT NULL AS settled, started_at IS NOT NULL AS started FROM async_action WHERE execution_id = $1`,
        [id],
      )
    )[0]!;
  const settled = (id: string) => eventually(async () => ((row) => (row.settled ? row : null))(await rowOf(id)));

  it('runs when it is queued, and is settled with its outcome', async () => {
    const place = await anAction();
    const id = await enqueue(place);
    expect(await settled(id)).toMatchObject({ current_id: id, retries: 0 });
    expect(await platform.executions.find(place.environmentId, id)).toMatchObject({ status: 'succeeded', output: 'done' });
  });

  it('waits for the one before it in its environment, and for none in another', async () => {
    let [running, most] = [0, 0];
    const order: unknown[] = [];
    const release = Promise.withResolvers<void>();
    scripts.set('one-by-one', async ({ input }) => {
      most = Math.max(most, (running += 1));
      if (input === 1) await release.promise;
      order.push(input);
      running -= 1;
    });
    const [place, elsewhere] = [await anAction({ name: 'one-by-one' }), await anAction()];
    const ids = [];
    for (const input of [1, 2, 3, 4]) ids.push(await enqueue(place, { input }));
    await settled(await enqueue(elsewhere));
    expect((await Promise.all(ids.map(rowOf))).map(({ started }) => started)).toEqual([true, false, false, false]);
    release.resolve();
    for (const id of ids) await settled(id);
    expect([order, most]).toEqual([[1, 2, 3, 4], 1]);
  });

  it('is tried again as a new run with the same input, until it succeeds', async () => {
    const inputs: unknown[] = [];
    scripts.set('third', async ({ input }) => {
      inputs.push(input);
      if (inputs.length < 3) throw new Error('not yet');
      return 'at last';
    });
    const place = await anAction({ name: 'third' });
    const id = await enqueue(place, { input: { n: 1 }, maxRetries: 5 });
    const row = await settled(id);
    expect([row.retries, inputs]).toEqual([2, [{ n: 1 }, { n: 1 }, { n: 1 }]]);
    expect(await platform.executions.find(place.environmentId, row.current_id)).toMatchObject({ status: 'succeeded', output: 'at last' });
    expect(await platform.executions.find(place.environmentId, id)).toMatchObject({ status: 'failed' });
    const operations = await query<{ status: string }>(`SELECT status FROM operation WHERE environment_id = $1 ORDER BY started_at`, [place.environmentId]);
    expect(operations.map(({ status }) => status)).toEqual(['failed', 'failed', 'success']);
  });

  it('fails with its last try, and makes room for the next', async () => {
    scripts.set('never', async () => Promise.reject(new Error('no')));
    const place = await anAction({ name: 'never' });
    const [first, second] = [await enqueue(place, { maxRetries: 1 }), await enqueue(place)];
    expect((await settled(first)).retries).toBe(1);
    expect((await settled(second)).retries).toBe(0);
  });

  it('is told to the product, where that is wanted', async () => {
    const receiver = await startReceiver();
    const place = await anAction({ webhookUrl: receiver.url });
    await settled(await enqueue(place));
    await query(`UPDATE environment SET on_async_action_completion = true WHERE id = $1`, [place.environmentId]);
    const id = await enqueue(place);
    await eventually(async () => receiver.received.length > 0);
    expect(receiver.received.map(({ body }) => JSON.parse(body))).toEqual([
      { type: 'async_action', from: 'nango', connectionId: 'c1', providerConfigKey: 'asana-dev', payload: { id, statusUrl: `/action/${id}` } },
    ]);
    await receiver.stop();
  });

  describe('is found', () => {
    const repair = () => platform.service.app.get(AsyncActionService, { strict: false }).repair();
    const old = (id: string, column: 'started_at' | 'created_at', age: string) =>
      query(`UPDATE async_action SET ${column} = now() - $2::interval WHERE execution_id = $1`, [id, age]);

    it('by a sweep when its turn came and Temporal never heard of it', async () => {
      const place = await anAction();
      const id = await enqueue(place, { notify: false });
      await old(id, 'started_at', '1 minute');
      await repair();
      expect(await settled(id)).toMatchObject({ current_id: id });
    });

    it('when its workflow was ended from outside: lost, and settled', async () => {
      scripts.set('endless', () => new Promise(() => undefined));
      const place = await anAction({ name: 'endless' });
      const id = await enqueue(place);
      await eventually(async () => (await platform.executions.find(place.environmentId, id))?.status === 'running');
      await platform.temporal.workflow.getHandle(actionWorkflowId(id)).terminate('somebody was impatient');
      await old(id, 'started_at', '1 minute');
      await repair();
      await settled(id);
      expect(await platform.executions.find(place.environmentId, id)).toMatchObject({ status: 'lost', error: { code: 'execution_interrupted' } });
    });

    it('when it has waited for a day: it will not run any more', async () => {
      const place = await anAction({ name: 'too-late' });
      const id = await enqueue(place, { notify: false });
      await old(id, 'created_at', '25 hours');
      await repair();
      await settled(id);
      expect((await platform.executions.find(place.environmentId, id))?.status).toBe('lost');
    });
  });
});
