import { describe, expect, it } from 'vitest';
import { defaultLimits, LimitOverrides, limitsOf } from './execution-limits.js';

describe('the limits of an execution', () => {
  it('are the defaults of its kind', () => {
    expect(limitsOf('action', {})).toEqual(defaultLimits.action);
    expect(limitsOf('sync', {}).wallMs).toBe(24 * 3_600_000);
  });

  it('are what the environment says where it says something', () => {
    const overrides = { heapMb: 1_024, wallMs: { action: 60_000 } };
    expect(limitsOf('action', overrides)).toEqual({ ...defaultLimits.action, heapMb: 1_024, wallMs: 60_000 });
    expect(limitsOf('sync', overrides)).toEqual({ ...defaultLimits.sync, heapMb: 1_024 });
  });

  it.each([{ heapMb: 1 }, { heapMb: 1e9 }, { wallMs: 5 }, { wallMs: { parties: 5_000 } }, { lineBytes: 1e6 }, { speed: 3 }, { outputBytes: 2_000.5 }])(
    'cannot be %j',
    (overrides) => {
      expect(LimitOverrides.safeParse(overrides).success).toBe(false);
    },
  );
});
