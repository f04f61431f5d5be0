import { parseRuns } from 'manifest/interval';
import { describe, expect, it } from 'vitest';
import { frequencyText } from './frequency.js';

describe('the text of an interval', () => {
  it.each([
    [30_000, '30s'],
    [1_800_000, '30m'],
    [5_400_000, '90m'],
    [3_600_000, '1h'],
    [43_200_000, '12h'],
    [604_800_000, '7d'],
    [30_500, '30500ms'],
  ])('of %d ms is %s and reads back the same', (intervalMs, text) => {
    expect(frequencyText({ intervalMs, cron: null })).toBe(text);
    expect(parseRuns(`every ${text}`)).toEqual({ intervalMs, cron: null });
  });

  it('may be a cron schedule, which reads back the same', () => {
    const rhythm = parseRuns('cron 0 9 * * 1-5 Europe/Berlin');
    expect(parseRuns(frequencyText(rhythm))).toEqual(rhythm);
  });
});
