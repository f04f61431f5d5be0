import { define } from './date.js';

/** `performance`, in steps of a tenth of a millisecond. Its origin is settled when it is first looked at. */
export function makePerformance(now: () => number, steadyNow: () => number): object {
  let origin: number | null = null;
  const timeOrigin = (): number => (origin ??= now() - steadyNow());
  const performance = {};
  define(performance, { now: () => steadyNow(), toJSON: () => ({ timeOrigin: timeOrigin() }) });
  Object.defineProperty(performance, 'timeOrigin', { get: timeOrigin, configurable: true, enumerable: true });
  return performance;
}
