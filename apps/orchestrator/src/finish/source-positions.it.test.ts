import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPlatform, type TestPlatform } from '../test/platform.js';
import { aScript } from '../test/rows.js';
import { ask } from '../test/runner.js';

// Its second line is the fifth of the author's file.
const map = { version: 3, sources: ['github/actions/alert.ts'], names: [], mappings: ';AAIA' };
const bundle = `"use strict";\nthrow new Error('no');\n`;
const code = `${bundle}//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}\n`;

describe('the error of a script', () => {
  let platform: TestPlatform;

  beforeAll(async () => {
    platform = await startPlatform({ ORCHESTRATOR_ROLE: 'execution' });
  });
  afterAll(() => platform?.stop());

  it("is kept with the author's lines, and its jail got the code alone", async () => {
    const script = await aScript(platform, { type: 'action', code });
    const { executionId } = await platform.executions.open({ ...script, kind: 'action', input: 1 });
    const begun = await platform.executions.begin(executionId, { activityId: 'a', attempt: 1, scheduledAt: new Date().toISOString() });
    if (begun.kind !== 'run') throw new Error(begun.kind);
    const got = await fetch(`${platform.service.url}/execution/bundle`, { headers: { authorization: `Bearer ${begun.token}` } });
    expect(await got.text()).toBe(bundle);
    const error = { code: 'script_internal_error', message: 'no', payload: { name: 'Error', stack: ['at script.js:2:1'] } };
    await ask(platform, begun.token, '/execution/finish', { kind: 'failed', error });
    expect((await platform.executions.find(script.environmentId, executionId))?.error).toEqual({
      ...error,
      payload: { name: 'Error', stack: ['at github/actions/alert.ts:5:1'] },
    });
    const { rows } = await platform.pool.query(`SELECT meta FROM operation_message WHERE environment_id = $1`, [script.environmentId]);
    expect(rows[0]).toMatchObject({ meta: { payload: { stack: ['at github/actions/alert.ts:5:1'] } } });
  });
});
