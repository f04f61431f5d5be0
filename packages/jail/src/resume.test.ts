import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { generatedScript } from './test/generated-script.js';
import { type Counts, type Kill, seeded, World } from './test/world.js';

/** More of them, and every point at which a run can be killed, for a night: `PROPERTY_RUNS=5000`. */
const runs = Number(process.env['PROPERTY_RUNS'] ?? (inject('long') ? 120 : 40));
const isThorough = process.env['PROPERTY_RUNS'] !== undefined;
const killsOfEachScript = isThorough ? Number.POSITIVE_INFINITY : 6;

type Output = { seen: unknown[]; posts: unknown[]; saves: unknown[] };

/** Kills an execution after each of these in turn, resumes it each time, and lets the last attempt finish. */
async function finish(code: string, seed: number, kills: Kill[]): Promise<{ world: World; counts: Counts }> {
  const world = new World(seed);
  for (const kill of kills) await world.attempt(code, kill);
  const { outcome, counts } = await world.attempt(code);
  if (outcome.kind !== 'succeeded') throw new Error(`${JSON.stringify(outcome)} ${world.problems.join(', ')}`);
  return { world, counts };
}

/** What the script that finished knows of itself is all that ever happened outside, once and in the same order. */
async function expectOneRun(code: string, { world }: { world: World }): Promise<void> {
  expect(world.problems).toEqual([]);
  expect(world.outputs).toHaveLength(1);
  const [output] = world.outputs as [Output];
  expect(world.writes).toEqual(output.posts);
  expect(world.saves).toEqual(output.saves);
  // And all of it is recorded: the same once more, from tape and journal alone.
  world.goOffline();
  const again = await world.attempt(code);
  expect(world.problems).toEqual([]);
  expect(again.outcome).toEqual({ kind: 'succeeded', output: null });
}

function allKills(counts: Counts): Kill[] {
  const after = ['received', 'recorded', 'delivered'] as const;
  return after.flatMap((what) => Array.from({ length: counts[what] }, (_, n): Kill => ({ after: what, count: n + 1 })));
}

function some<T>(items: T[], count: number, random: () => number): T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, () => items[Math.floor(random() * items.length)] as T);
}

describe('a run that is killed and resumed', () => {
  it(
    'has done everything once, wherever it was killed and however often',
    async () => {
      const property = fc.asyncProperty(generatedScript, fc.nat(), async (code, seed) => {
        const random = seeded(seed);
        const undisturbed = await finish(code, seed, []);
        await expectOneRun(code, undisturbed);
        for (const kill of some(allKills(undisturbed.counts), killsOfEachScript, random)) await expectOneRun(code, await finish(code, seed, [kill]));
        const many = Array.from({ length: 4 }, (): Kill => ({ after: 'turns', count: 1 + Math.floor(random() * 40) }));
        await expectOneRun(code, await finish(code, seed, many));
      });
      await fc.assert(property, { numRuns: runs, ...(isThorough ? {} : { seed: 4711 }) });
    },
    isThorough ? 0 : 240_000,
  );
});
