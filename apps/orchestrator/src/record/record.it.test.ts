import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionCalls } from '../test/execution-calls.js';
import { startPlatform, type TestPlatform } from '../test/platform.js';

describe('a save', () => {
  let platform: TestPlatform;
  let calls: ReturnType<typeof executionCalls>;

  beforeAll(async () => {
    platform = await startPlatform({ ORCHESTRATOR_ROLE: 'execution' });
    calls = executionCalls(platform);
  });
  afterAll(() => platform?.stop());

  it('counts, and answers a repeat of the same call as the first time', async () => {
    const { token, environmentId, connectionId } = await calls.aRunningSync();
    const first = await calls.save(token, { call: 'c1', model: 'Task', operation: 'save' }, [{ id: '1' }, { id: 2 }, { id: '1' }]);
    expect(first).toEqual({ status: 200, body: { added: 2, updated: 0, deleted: 0, unchanged: 0, duplicates: ['1'] } });
    expect(await calls.save(token, { call: 'c1', model: 'Task', operation: 'save' }, [{ id: '9' }])).toEqual(first);
    expect((await calls.save(token, { call: 'c2', model: 'Task', operation: 'delete' }, [{ id: '1' }])).body).toMatchObject({ deleted: 1 });
    expect(await platform.records.counts(environmentId, connectionId)).toEqual({ Task: 1 });
  });

  it('takes fifty thousand records at once', async () => {
    const { token } = await calls.aRunningSync();
    const records = Array.from({ length: 50_000 }, (_, n) => ({ id: String(n), text: 'x'.repeat(300) }));
    expect((await calls.save(token, { call: 'c', model: 'Task', operation: 'save' }, records)).body).toMatchObject({ added: 50_000 });
  });

  it('of an undeclared model names the declared ones', async () => {
    const { token } = await calls.aRunningSync({ models: ['Task', 'User'] });
    expect(await calls.save(token, { call: 'c', model: 'Tusk', operation: 'save' }, [{ id: '1' }])).toMatchObject({
      status: 400,
      body: { error: { code: 'unknown_model', message: "'Tusk' is not a model of this script; it declares Task, User" } },
    });
  });

  it('without ids, without JSON or without a model is refused', async () => {
    const { token } = await calls.aRunningSync();
    expect((await calls.save(token, { call: 'c', model: 'Task', operation: 'save' }, [{}])).body).toMatchObject({ error: { code: 'invalid_record' } });
    expect((await calls.save(token, { call: 'c', model: 'Task', operation: 'save' }, {})).body).toMatchObject({ error: { code: 'invalid_json' } });
    expect((await calls.save(token, { call: 'c', operation: 'save' }, [])).body).toMatchObject({ error: { code: 'invalid_body' } });
  });

  it('of a variant is kept under its own model', async () => {
    const { token, environmentId, connectionId } = await calls.aRunningSync({ variant: 'archived' });
    await calls.save(token, { call: 'c', model: 'Task', operation: 'save' }, [{ id: '1' }]);
    expect(await platform.records.counts(environmentId, connectionId)).toEqual({ 'Task::archived': 1 });
  });
});
