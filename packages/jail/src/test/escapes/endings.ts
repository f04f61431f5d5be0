import { expect } from 'vitest';
import type { Row } from './row.js';
import type { Stage } from './stage.js';

const silenceMs = 500;

async function endsInTime(stage: Stage, body: string): Promise<void> {
  const startedAt = performance.now();
  expect(await stage.code(body, { silenceMs })).toBe('execution_timeout');
  expect(performance.now() - startedAt).toBeLessThan(silenceMs + 2_000);
}

/** Scripts that do not want to end, or end in a way that is none. */
export const endings: Row[] = [
  { id: 'E16', does: 'loops for ever', check: (stage) => endsInTime(stage, 'while (true);') },
  { id: 'E17', does: 'queues microtasks for ever', check: (stage) => endsInTime(stage, 'const again = () => Promise.resolve().then(again); await again();') },
  { id: 'E18', does: 'matches a catastrophic expression', check: (stage) => endsInTime(stage, '/^(a+)+$/.test("a".repeat(60) + "!")') },
  {
    id: 'E23',
    does: 'waits for what can never happen',
    check: async (stage) =>
      expect(await stage.run('await new Promise(() => {})')).toMatchObject({
        kind: 'failed',
        error: { code: 'script_internal_error', message: expect.stringContaining('ended without a result') },
      }),
  },
  {
    id: 'E24',
    does: 'exits in the middle',
    check: async (stage) => {
      expect(await stage.code('process.exit(0)')).toBe('script_internal_error');
      expect(await stage.breakOut('process.exit(0)')).toMatchObject({ kind: 'failed', error: { code: 'script_internal_error' } });
    },
  },
  {
    id: 'E26',
    does: 'crashes its process',
    check: async (stage) => {
      expect(await stage.code('process.abort()')).toBe('script_internal_error');
      const crash = "require('v8').setFlagsFromString('--allow-natives-syntax'); return require('vm').runInThisContext('%AbortJS(1)')";
      expect(await stage.breakOut(crash)).toMatchObject({ kind: 'failed', error: { code: 'script_internal_error' } });
    },
  },
  {
    id: 'E40',
    does: 'refuses to die of signals',
    check: async (stage) => {
      const body = "process.on('SIGTERM', () => {}); process.on('SIGINT', () => {}); setInterval(() => {}, 10); await new Promise(() => {})";
      expect(await stage.breakOut(body, { wallMs: 300 })).toMatchObject({ kind: 'failed', error: { code: 'execution_timeout', payload: { limit: 'wall' } } });
      expect(await stage.code('for (;;) await new Promise((resolve) => setTimeout(resolve, 10))', { wallMs: 300 })).toBe('execution_timeout');
    },
  },
  { id: 'E41', does: 'blocks its thread', check: (stage) => endsInTime(stage, 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)') },
];
