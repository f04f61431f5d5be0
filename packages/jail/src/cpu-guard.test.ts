import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchCpu } from './cpu-guard.js';

describe('the processor time of a run', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  /** Runs for so many seconds with this share of one processor; tells whether that was too much. */
  function isTooMuch(shares: { seconds: number; share: number }[], cpuMsPerMinute = 60_000): boolean {
    let cpuMs = 10_000;
    const exceeded = vi.fn();
    const stop = watchCpu({ usage: () => ({ cpuMs, rssBytes: 0 }), cpuMsPerMinute, exceeded });
    for (const { seconds, share } of shares)
      for (let second = 0; second < seconds; second++) {
        cpuMs += share * 1_000;
        vi.advanceTimersByTime(1_000);
      }
    stop();
    return exceeded.mock.calls.length > 0;
  }

  it('is bounded on average, whatever the jail used before', () => {
    expect(isTooMuch([{ seconds: 300, share: 0.99 }])).toBe(false);
    expect(isTooMuch([{ seconds: 70, share: 1.5 }])).toBe(true);
  });

  it('may be used in bursts after a rest', () => {
    expect(
      isTooMuch([
        { seconds: 60, share: 0 },
        { seconds: 50, share: 2 },
      ]),
    ).toBe(false);
  });

  it('is granted whole for the first minute', () => {
    expect(isTooMuch([{ seconds: 5, share: 1 }], 6_000)).toBe(false);
    expect(isTooMuch([{ seconds: 8, share: 1 }], 6_000)).toBe(true);
  });

  it('is not bounded where the system tells nothing', () => {
    const exceeded = vi.fn();
    const stop = watchCpu({ usage: () => null, cpuMsPerMinute: 1, exceeded });
    vi.advanceTimersByTime(120_000);
    stop();
    expect(exceeded).not.toHaveBeenCalled();
  });
});
