import { randomUUID } from 'node:crypto';
import { defaultLimits } from 'model';
import { serviceToken } from 'service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionCalls } from '../test/execution-calls.js';
import { startPlatform, type TestPlatform } from '../test/platform.js';
import { ask } from '../test/runner.js';

describe('a runner', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startPlatform({ ORCHESTRATOR_ROLE: 'execution' });
  });
  afterAll(() => platform?.stop());

  const report = (body: object, token = platform.runnerToken) => ask(platform, token, '/runners', body);
  const known = async () => (await platform.pool.query('SELECT id, tier, details FROM runner')).rows;

  it('reports its wall, again and again', async () => {
    const runner = randomUUID();
    await report({ runner, tier: 'process', details: 'a' });
    expect((await report({ runner, tier: 'kernel', details: 'b' })).status).toBe(204);
    expect(await known()).toEqual([{ id: runner, tier: 'kernel', details: 'b' }]);
  });

  it('is forgotten after a day of silence', async () => {
    await platform.pool.query(`UPDATE runner SET seen_at = now() - interval '2 days'`);
    const runner = randomUUID();
    await report({ runner, tier: 'process', details: 'c' });
    expect(await known()).toEqual([{ id: runner, tier: 'process', details: 'c' }]);
  });

  it('is believed with a runner token only, and with a tier that there is', async () => {
    const body = { runner: randomUUID(), tier: 'kernel', details: '' };
    expect((await report(body, serviceToken(platform.configuration.NANGO_INTERNAL_KEY, 'server'))).status).toBe(403);
    expect((await report({ ...body, tier: 'steel' })).status).toBe(400);
  });

  it("is given the environment's limits over the defaults, and whether a jail may be used again", async () => {
    const calls = executionCalls(platform);
    const { executionId, environmentId } = await calls.anAction();
    await platform.pool.query(`UPDATE environment SET execution_limits = '{"heapMb": 256, "wallMs": {"action": 5000}}', jail_reuse = 'never' WHERE id = $1`, [
      environmentId,
    ]);
    const { limits, jailReuse } = await calls.run(executionId);
    expect({ limits, jailReuse }).toEqual({ limits: { ...defaultLimits.action, heapMb: 256, wallMs: 5_000 }, jailReuse: 'never' });
  });
});
