import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailureSampling, keptAlike, keptInAll, type Unlogged } from './failure-sampling.js';

describe('failed calls in the log', () => {
  let told: [call: string, unlogged: Unlogged][];
  let sampling: FailureSampling<string>;
  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
    sampling = new FailureSampling((call, unlogged) => void told.push([call, unlogged]));
  });
  afterEach(() => {
    sampling.close();
    vi.useRealTimers();
  });

  /** How many of so many calls of a kind are kept at once. */
  const keeps = (count: number, { kind = 'alike', environment = 1 } = {}): number =>
    Array.from({ length: count }, (_, index) => sampling.keeps(environment, kind, `${kind} ${index}`)).filter(Boolean).length;

  it('are all kept while there are few', () => {
    expect(keeps(keptAlike)).toBe(keptAlike);
    vi.advanceTimersByTime(1_000);
    expect(keeps(keptAlike)).toBe(keptAlike);
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([]);
  });

  it('are kept up to a bound of each second and kind; one more then stands for the rest', () => {
    expect(keeps(8_000)).toBe(keptAlike);
    vi.advanceTimersByTime(999);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual([[`alike ${keptAlike}`, { notLogged: 8_000 - keptAlike - 1, alike: true }]]);
    expect(keeps(1)).toBe(1);
  });

  it('of another kind are seen in the midst of a storm', () => {
    keeps(8_000);
    expect(keeps(1, { kind: 'other' })).toBe(1);
  });

  it('of one environment are kept up to a bound in all, however many kinds there are, and none is uncounted', () => {
    const kept = Array.from({ length: 1_000 }, (_, kind) => keeps(3, { kind: `kind ${kind}` })).reduce((sum, count) => sum + count, 0);
    expect(kept).toBe(keptInAll);
    expect(keeps(1, { environment: 2 })).toBe(1);
    sampling.close();
    expect(told.length).toBeLessThanOrEqual(51);
    expect(kept + told.reduce((sum, [, { notLogged }]) => sum + 1 + notLogged, 0)).toBe(3_000);
    expect(told.filter(([, { alike }]) => !alike).length).toBe(1);
  });
});
