import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionCalls } from '../test/execution-calls.js';
import { startPlatform, type TestPlatform } from '../test/platform.js';

describe('actions called by scripts', () => {
  let platform: TestPlatform;
  let calls: ReturnType<typeof executionCalls>;

  beforeAll(async () => {
    platform = await startPlatform({ ORCHESTRATOR_ROLE: 'execution' });
    calls = executionCalls(platform);
  });
  afterAll(() => platform?.stop());

  const request = { call: 'c1', providerConfigKey: 'asana-dev', connectionId: 'c1', actionName: 'alert', input: { n: 1 } };

  it('open once a call, run, and answer their output to a repeat', async () => {
    const parent = await calls.aRunningSync();
    await calls.withAction(parent);
    const { body } = await calls.call(parent.token, '/execution/children', request);
    expect(body).toEqual({ kind: 'opened', executionId: expect.any(String) });
    const child = await calls.run(String(body['executionId']));
    expect([child.context.kind, child.input]).toEqual(['action', { n: 1 }]);
    await calls.call(child.token, '/execution/finish', { kind: 'succeeded', output: { done: true } });
    expect((await calls.call(parent.token, '/execution/children', request)).body).toEqual({ kind: 'succeeded', output: { done: true } });
  });

  it('answer the error of one that has failed', async () => {
    const parent = await calls.aRunningSync();
    await calls.withAction(parent);
    const { body } = await calls.call(parent.token, '/execution/children', request);
    const child = await calls.run(String(body['executionId']));
    const error = { code: 'action_script_runtime_error', message: 'no', payload: { why: 1 } };
    await calls.call(child.token, '/execution/finish', { kind: 'failed', error });
    expect((await calls.call(parent.token, '/execution/children', request)).body).toEqual({ kind: 'failed', error });
  });

  it('of no known connection, no known action or a disabled one are refused, and the same call again the same', async () => {
    const parent = await calls.aRunningSync();
    const asked = async (change: object) => (await calls.call(parent.token, '/execution/children', { ...request, ...change })).body;
    expect(await asked({ connectionId: 'c2', call: 'a' })).toMatchObject({ error: { code: 'unknown_connection' } });
    expect(await asked({ call: 'b' })).toMatchObject({ error: { code: 'not_found' } });
    await platform.pool.query('UPDATE script SET enabled = false WHERE id = $1', [await calls.withAction(parent)]);
    expect(await asked({ call: 'c' })).toMatchObject({ error: { code: 'disabled_resource' } });
    expect(await asked({ call: 'b' })).toMatchObject({ error: { code: 'not_found' } });
  });
});
