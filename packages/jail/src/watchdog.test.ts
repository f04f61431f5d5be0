import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watch } from './watchdog.js';

describe('the watchdog', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('keeps quiet while it is answered', async () => {
    const silent = vi.fn();
    const dog = watch({ silenceMs: 1_000, ping: () => dog.answered(), silent });
    await vi.advanceTimersByTimeAsync(60_000);
    dog.stop();
    expect(silent).not.toHaveBeenCalled();
  });

  it('calls out when it has not been answered for too long', async () => {
    const silent = vi.fn();
    const dog = watch({ silenceMs: 1_000, ping: () => undefined, silent });
    await vi.advanceTimersByTimeAsync(900);
    expect(silent).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(600);
    dog.stop();
    expect(silent).toHaveBeenCalled();
  });

  it('takes nobody for silent after a pause of its own', async () => {
    const silent = vi.fn();
    const clock = vi.spyOn(performance, 'now');
    const dog = watch({ silenceMs: 1_000, ping: () => dog.answered(), silent });
    await vi.advanceTimersByTimeAsync(600);
    clock.mockReturnValue(performance.now() + 45_000);
    await vi.advanceTimersToNextTimerAsync();
    await vi.advanceTimersByTimeAsync(10);
    clock.mockRestore();
    dog.stop();
    expect(silent).not.toHaveBeenCalled();
  });

  it('does not count the time in which the jail is paused, and tells of it', async () => {
    const [silent, paused] = [vi.fn(), vi.fn()];
    let pausedMs = 0;
    const dog = watch({ silenceMs: 1_000, ping: () => undefined, silent, paused, pausedMs: () => pausedMs });
    for (let round = 0; round < 9; round += 1) {
      await vi.advanceTimersByTimeAsync(400);
      pausedMs += 300;
    }
    expect(silent).not.toHaveBeenCalled();
    expect(paused.mock.calls.length).toBeGreaterThan(5);
    await vi.advanceTimersByTimeAsync(900);
    dog.stop();
    expect(silent).toHaveBeenCalled();
  });
});
