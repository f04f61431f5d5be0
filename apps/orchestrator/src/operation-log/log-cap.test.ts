import type { LogMessage } from 'model';
import { describe, expect, it } from 'vitest';
import { lineBytes, LogCap, truncate } from './log-cap.js';

const line = (message: string, meta?: Record<string, unknown>): LogMessage => ({
  at: '2026-01-01T00:00:00.000Z',
  level: 'info',
  message,
  ...(meta ? { meta } : {}),
});
const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('what a run may log', () => {
  it('is kept as it is while there is room', () => {
    const lines = [line('one', { a: 1 }), line('two')];
    expect(new LogCap(1_000).take(lines)).toEqual(lines);
  });

  it('ends with one line that says so', () => {
    const cap = new LogCap(200);
    const kept = cap.take([line('x'.repeat(100)), line('y'.repeat(100)), line('z')]);
    expect(kept.map(({ level }) => level)).toEqual(['info', 'warn']);
    expect(cap.take([line('later')])).toEqual([]);
  });

  it('loses the meta of a line that is too long, then the end of its message', () => {
    expect(truncate(line('short', { huge: 'x'.repeat(lineBytes) }))).toEqual({ ...line('short... (truncated)'), meta: null });
    for (const character of ['x', '\u0000', '€', '"']) {
      const cut = truncate(line(character.repeat(lineBytes)));
      expect(size(cut)).toBeLessThanOrEqual(lineBytes);
      expect(size(cut)).toBeGreaterThan(lineBytes - 16);
      expect(cut.message).toMatch(/\.\.\. \(truncated\)$/);
    }
  });
});
