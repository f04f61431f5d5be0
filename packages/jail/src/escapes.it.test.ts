import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bridge } from './test/escapes/bridge.js';
import { rows } from './test/escapes/rows.js';
import { canary, jailsBelow, type Pair, pairs, Stage } from './test/escapes/stage.js';

const rounds = Number(process.env['ESCAPE_ROUNDS'] ?? 1);
const maxDriftBytes = 50 * 1024 * 1024;

process.env['NANGO_TEST_CANARY'] = canary;
const found = await pairs();
const walls = {
  all: found.pairs,
  strongestAndWeakest: found.pairs.filter(({ driver: { tier } }, index) => tier === 'process' || index === 0),
  // What the weakest wall holds back by itself, the stronger ones do too.
  weakest: found.pairs.filter(({ driver: { tier } }) => tier === 'process'),
};
const shown = rounds > 1 ? walls.all : inject('long') ? walls.strongestAndWeakest : walls.weakest;
for (const { tier, reason } of found.unavailable) process.stdout.write(`escapes: no ${tier} jail here: ${reason}\n`);
process.stdout.write(`escapes: ${rounds} round(s) on ${shown.map(({ name }) => name).join(', ')}\n`);

afterAll(() => {
  delete process.env['NANGO_TEST_CANARY'];
  found.remove();
});

it('the table is complete', () => {
  const ofTheProxy = ['E35', 'E36'];
  const ids = Array.from({ length: 43 }, (_, index) => `E${String(index + 1).padStart(2, '0')}`);
  expect([...rows.map(({ id }) => id), ...ofTheProxy].toSorted()).toEqual(ids);
});

describe.each(shown)('behind the wall of $name', (pair: Pair) => {
  let stage: Stage;
  let rssBefore = 0;
  beforeAll(async () => {
    stage = new Stage(pair.driver, pair.hostile);
    await expectHealthy(stage);
    // What a first flood makes V8 and the allocator set aside is no drift; the floods after it must not add to that.
    for (const { check } of bridge) await check(stage);
    rssBefore = memory();
  });
  afterAll(() => stage.close());

  for (let round = 1; round <= rounds; round++)
    it.each(rows)(`$id a script $does: in vain (round ${round})`, async ({ check }) => {
      await check(stage);
      await expectHealthy(stage);
      expect(stage.said.join('\n')).not.toContain(canary);
    });

  it('nothing is left over: no process, no memory', async () => {
    await stage.close();
    expect(jailsBelow()).toEqual([]);
    expect(memory() - rssBefore).toBeLessThan(maxDriftBytes);
  });
});

/** After whatever happened the next script runs, at once. */
async function expectHealthy(stage: Stage): Promise<void> {
  const startedAt = performance.now();
  expect(await stage.run('return 1')).toEqual({ kind: 'succeeded', output: 1 });
  expect(performance.now() - startedAt).toBeLessThan(2_000);
}

/** What is held, without what only waits to be collected. */
function memory(): number {
  setFlagsFromString('--expose-gc');
  // The last resort gives back what V8 keeps ready for new objects, too.
  const collect = runInNewContext('gc') as (options: { type: string; execution: string; flavor: string }) => void;
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  return process.memoryUsage.rss();
}
