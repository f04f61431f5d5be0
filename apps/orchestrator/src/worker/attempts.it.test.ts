import { actionActivityOptions, runScriptActivity } from 'workflows';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../test/eventually.js';
import { startPlatform, type TestPlatform } from '../test/platform.js';
import { aScript, aSync } from '../test/rows.js';
import { Killed, type Script, startRunner } from '../test/runner.js';

describe('attempts', () => {
  let platform: TestPlatform;
  let runner: { stop(): Promise<void> };
  const scripts = new Map<string, Script>();

  beforeAll(async () => {
    platform = await startPlatform();
    runner = await startRunner(platform, (api) => (scripts.get(api.context.scriptName) ?? (async () => undefined))(api));
  });
  afterAll(async () => {
    await runner?.stop();
    await platform?.stop();
  });

  const status = async (syncId: string) =>
    (
      await platform.pool.query<{ status: string; generation: number }>(
        'SELECT status, generation FROM execution WHERE sync_id = $1 AND finished_at IS NOT NULL',
        [syncId],
      )
    ).rows[0];

  it('of a sync that dies start over, and every record is there once', async () => {
    const tokens: string[] = [];
    scripts.set('dying', async ({ token, save }) => {
      tokens.push(token);
      await save('Task', [{ id: '1' }, { id: '2' }]);
      if (tokens.length === 1) throw new Killed();
      await save('Task', [{ id: '3' }]);
    });
    const { syncId, environmentId, connectionId } = await aSync(platform, { name: 'dying' });
    expect(await eventually(() => status(syncId), 20_000)).toEqual({ status: 'succeeded', generation: 2 });
    expect(await platform.records.counts(environmentId, connectionId)).toEqual({ Task: 3 });
    const { rows } = await platform.pool.query(`SELECT added FROM execution_count c JOIN execution e ON e.id = c.execution_id WHERE e.sync_id = $1`, [syncId]);
    expect(rows).toEqual([{ added: 3 }]);
  });

  it('of a cancelled sync end as cancelled', async () => {
    scripts.set('endless', () => new Promise(() => undefined));
    const { syncId } = await aSync(platform, { name: 'endless' });
    const workflow = await eventually(async () => {
      const { rows } = await platform.pool.query<{ run: string }>(`SELECT workflow_run_id AS run FROM execution WHERE sync_id = $1 AND status = 'running'`, [
        syncId,
      ]);
      return rows[0]?.run.split('/')[0];
    });
    await platform.temporal.workflow.getHandle(workflow).cancel();
    expect(await eventually(() => status(syncId))).toMatchObject({ status: 'cancelled' });
  });

  it('of an action whose caller waits answer it through the row', async () => {
    scripts.set('alert', async ({ input }) => ({ sent: input }));
    const script = await aScript(platform, { type: 'action', name: 'alert' });
    const { executionId } = await platform.executions.open({ ...script, kind: 'action', input: { channel: 'C1' } });
    const options = actionActivityOptions(executionId, script.environmentId, platform.configuration.NANGO_QUEUE_PREFIX);
    expect(await platform.temporal.activity.execute(runScriptActivity, options)).toEqual({ status: 'succeeded' });
    expect(await platform.executions.find(script.environmentId, executionId)).toMatchObject({ status: 'succeeded', output: { sent: { channel: 'C1' } } });
  });

  it('of an action that dies go on with the next one', async () => {
    let count = 0;
    scripts.set('once', async () => {
      count += 1;
      if (count === 1) throw new Killed();
      return count;
    });
    const script = await aScript(platform, { type: 'action', name: 'once' });
    const { executionId } = await platform.executions.open({ ...script, kind: 'action', input: 1 });
    const options = actionActivityOptions(executionId, script.environmentId, platform.configuration.NANGO_QUEUE_PREFIX);
    expect(await platform.temporal.activity.execute(runScriptActivity, options)).toEqual({ status: 'succeeded' });
    expect(await platform.executions.find(script.environmentId, executionId)).toMatchObject({ output: 2 });
  });
});
