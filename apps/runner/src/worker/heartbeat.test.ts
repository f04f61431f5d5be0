import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { heartbeatOf } from './heartbeat.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('is silent in a short run, and beats at every sign of life in a long one', () => {
  const heartbeat = vi.fn();
  const beat = heartbeatOf({ heartbeat });
  beat();
  vi.advanceTimersByTime(2_999);
  beat();
  expect(heartbeat).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  beat();
  beat();
  expect(heartbeat).toHaveBeenCalledTimes(2);
});
