import type { Host } from '../host.js';
import { define, tapeDate } from './date.js';
import { tapeDateFormat } from './date-format.js';
import { makePerformance } from './performance.js';
import { tapeTemporalNow } from './temporal-now.js';
import { holdWeakReferences } from './weak-references.js';

/**
 * Puts everything by which one run of a script could differ from the next on the run's tape, and takes away what
 * cannot be put there.
 */
export function installTape(host: Host): void {
  const now = (): number => host.clock();
  tapeDate(now);
  tapeDateFormat(now);
  tapeTemporalNow(now);
  define(globalThis, { performance: makePerformance(now, () => host.steadyClock()) });
  define(Math, { random: () => host.random() });
  holdWeakReferences();
}
