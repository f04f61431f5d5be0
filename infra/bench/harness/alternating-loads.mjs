import { load } from './load.mjs';
import { log } from './log.mjs';
import { measured } from './measured.mjs';
import { figuresOf, percentiles } from './repeated-load.mjs';
import { settings } from './settings.mjs';

const warmUpS = 2;

/**
 * Puts each of several loads on its target once per repeat, each repeat starting with another of them: what else the machine
 * does meanwhile then falls on all of them, and their ratio stays. Figures by name, as those of `repeatedLoad`.
 */
export async function alternatingLoads(targets, repeats = settings.repeats) {
  const names = Object.keys(targets);
  const runs = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) await load({ ...targets[name], seconds: warmUpS });
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const name of rotated(names, repeat)) {
      runs[name].push(await measured(() => load(targets[name])));
      const { rps, latencyMs, errors } = runs[name].at(-1).value;
      log(name, `run ${repeat + 1}/${repeats} ${rps} req/s`, percentiles(latencyMs), `errors ${errors}`);
    }
  }
  return Object.fromEntries(names.map((name) => [name, figuresOf(targets[name], runs[name])]));
}

const rotated = (list, by) => list.map((_, index) => list[(index + by) % list.length]);
