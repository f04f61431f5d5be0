import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionCalls } from '../test/execution-calls.js';
import { startPlatform, type TestPlatform } from '../test/platform.js';

const object = (properties: object) => ({ type: 'object', properties, required: Object.keys(properties) });
const schema = {
  definitions: {
    Task: object({ id: { type: 'string' }, n: { type: 'number' } }),
    In: object({ channel: { type: 'string' } }),
    Out: object({ ok: { type: 'boolean' } }),
  },
};

describe('values and their models', () => {
  let platform: TestPlatform;
  let calls: ReturnType<typeof executionCalls>;

  beforeAll(async () => {
    platform = await startPlatform({ ORCHESTRATOR_ROLE: 'execution' });
    calls = executionCalls(platform);
  });
  afterAll(() => platform?.stop());

  const prepare = async ({ environmentId }: { environmentId: number }, refuse = '') => {
    await platform.pool.query('UPDATE deployment SET json_schema = $2 WHERE environment_id = $1', [environmentId, JSON.stringify(schema)]);
    if (refuse) await platform.pool.query(`UPDATE environment SET ${refuse} = true WHERE id = $1`, [environmentId]);
  };
  const lines = async (executionId: string) =>
    (
      await platform.pool.query<{ level: string; message: string; meta: object }>(
        'SELECT level, message, meta FROM operation_message m JOIN execution e ON e.operation_id = m.operation_id WHERE e.id = $1 ORDER BY m.id',
        [executionId],
      )
    ).rows;
  const anAction = async (input: unknown, refuse = '') => {
    const action = await calls.anAction({ models: ['Out'] }, input);
    await platform.pool.query(`UPDATE script_version SET input = '"In"' WHERE id = $1`, [action.scriptVersionId]);
    await prepare(action, refuse);
    return action;
  };
  const finish = (token: string, output: unknown) => calls.call(token, '/execution/finish', { kind: 'succeeded', output });
  const outcome = async ({ environmentId, executionId }: { environmentId: number; executionId: string }) =>
    platform.executions.find(environmentId, executionId);

  it('that fit are not mentioned', async () => {
    const action = await anAction({ channel: 'C' });
    const { token } = await calls.run(action.executionId);
    expect((await finish(token, { ok: true })).body).toEqual({ status: 'succeeded' });
    expect(await lines(action.executionId)).toEqual([]);
  });

  it('that do not are told in the log, by path', async () => {
    const action = await anAction({ channel: 7 });
    const { token } = await calls.run(action.executionId);
    expect((await finish(token, { ok: 'yes' })).body).toEqual({ status: 'succeeded' });
    expect(await lines(action.executionId)).toEqual([
      { level: 'warn', message: 'Invalid action input', meta: { model: 'In', errors: [{ path: '/channel', message: 'must be string' }] } },
      { level: 'warn', message: 'Invalid action output', meta: { model: 'Out', errors: [{ path: '/ok', message: 'must be boolean' }] } },
    ]);
  });

  it('of an input are refused before the script runs, where the environment says so', async () => {
    const action = await anAction({ channel: 7 }, 'validate_action_input');
    expect((await calls.begin(action.executionId)).body).toEqual({ kind: 'over', status: 'failed' });
    expect(await outcome(action)).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_action_input', message: expect.stringContaining('/channel must be string') },
    });
  });

  it('of an output are refused in its place, where the environment says so', async () => {
    const action = await anAction({ channel: 'C' }, 'validate_action_output');
    const { token } = await calls.run(action.executionId);
    expect((await finish(token, { ok: 1 })).body).toEqual({ status: 'failed' });
    expect(await outcome(action)).toMatchObject({ output: null, error: { code: 'invalid_action_output', message: expect.stringContaining('/ok') } });
  });

  const save = (token: string, call: string, records: object[]) => calls.save(token, { call, model: 'Task', operation: 'save' }, records);
  const wrong = Array.from({ length: 20 }, (_, id) => ({ id: String(id), n: 'x' }));

  it('of records are saved and told, five of a batch and five times of a run', async () => {
    const sync = await calls.aRunningSync();
    await prepare(sync);
    for (let batch = 0; batch < 7; batch++) expect((await save(sync.token, `c${batch}`, wrong)).status).toBe(200);
    const told = await lines(sync.executionId);
    expect(told.map(({ message }) => message)).toEqual(Array.from({ length: 5 }, () => 'Invalid record payload'));
    expect(told[0]?.meta).toMatchObject({ model: 'Task', sample: [0, 1, 2, 3, 4].map((id) => ({ id: String(id), path: '/n', message: 'must be number' })) });
  });

  // A run is judged by the settings of its beginning.
  const aRefusingRun = async () => {
    const first = await calls.aRunningSync();
    await prepare(first, 'validate_sync_records');
    await finish(first.token, null);
    const opening = await platform.executions.openSync({ syncId: first.syncId, workflowRunId: randomUUID(), emptyCache: async () => undefined });
    return { ...first, ...(await calls.run(opening.kind === 'opened' ? opening.executionId : '')) };
  };

  it('of records are refused with the whole batch, where the environment says so', async () => {
    const sync = await aRefusingRun();
    expect(
      await save(sync.token, 'c', [
        { id: 'a', n: 1 },
        { id: 'b', n: '2' },
      ]),
    ).toMatchObject({
      body: { error: { code: 'invalid_sync_record', payload: { model: 'Task', id: 'b', path: '/n' } } },
    });
    expect(await platform.records.counts(sync.environmentId, sync.connectionId)).toEqual({});
    expect((await save(sync.token, 'd', [{ id: 'a', n: 1 }])).body).toMatchObject({ added: 1 });
  });

  it('of a script with a schema of its own are judged by that', async () => {
    const sync = await aRefusingRun();
    expect(sync.context.refusesInvalidRecords).toBe(true);
    const own = { definitions: { Task: object({ n: { type: 'string' } }) } };
    await platform.pool.query('UPDATE script_version SET models_json_schema = $2 WHERE id = $1', [sync.scriptVersionId, JSON.stringify(own)]);
    expect((await save(sync.token, 'c', wrong)).body).toMatchObject({ added: 20 });
  });
});
