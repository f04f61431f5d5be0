import { expect } from 'vitest';
import { aBroker, aJob } from '../a-job.js';
import type { Row } from './row.js';

/** Too much of something: memory, stack, log, output. */
export const amounts: Row[] = [
  {
    id: 'E19',
    does: 'fills the heap',
    check: async (stage) =>
      expect(await stage.code('const all = []; for (;;) all.push(new Array(1000).fill(Math.random()))', { heapMb: 128, dataMb: 384 })).toBe(
        'script_out_of_memory',
      ),
  },
  {
    id: 'E20',
    does: 'fills memory beside the heap',
    check: async (stage) => {
      if (process.platform !== 'linux') return;
      const limits = { silenceMs: 5_000, heapMb: 128, dataMb: 256 };
      expect(await stage.code('const all = []; for (;;) all.push(Buffer.alloc(20_000_000, 1))', limits)).toBe('script_out_of_memory');
      const stubborn = 'const all = []; for (;;) { try { all.push(new Uint8Array(20_000_000).fill(1)) } catch { } }';
      expect(await stage.code(stubborn, { ...limits, silenceMs: 1_500 })).toMatch(/^(execution_timeout|script_out_of_memory)$/);
    },
  },
  {
    id: 'E27',
    does: 'overflows the stack',
    check: async (stage) => {
      expect(await stage.code('const dig = () => dig() + 1; return dig()')).toBe('script_internal_error');
      expect(await stage.code('const dig = async () => { await dig() }; await dig()')).toBe('script_internal_error');
      expect(await stage.code('let deep = {}; for (let i = 0; i < 1e6; i++) deep = { deep }; return deep')).toMatch(
        /^script_output_(not_serializable|too_large)$/,
      );
      expect(await stage.code('let deep = []; for (let i = 0; i < 2_000; i++) deep = [deep]; return { text: "[[[", deep }')).toBe(
        'script_output_not_serializable',
      );
      expect(await stage.run('return ["[".repeat(2_000), "\\\\"]')).toMatchObject({ kind: 'succeeded' });
    },
  },
  {
    id: 'E28',
    does: 'logs a gigabyte, and one line of 100 MB',
    check: async (stage) => {
      const { broker, heard } = aBroker();
      const code =
        'exports.default = async (nango) => { const line = "y".repeat(1_000_000); await nango.log(line.repeat(100)); for (let i = 0; i < 1_000; i++) await nango.log(line); return 1 }';
      expect(await stage.pool.run(aJob(code, { broker }))).toEqual({ kind: 'succeeded', output: 1 });
      expect(heard.logs.reduce((sum, { message }) => sum + message.length, 0)).toBeLessThan(1_100_000);
      expect(heard.logs[0]?.message).toMatch(/truncated/);
      expect(heard.logs.at(-1)?.message).toMatch(/log limit .* reached/);
    },
  },
  {
    id: 'E29',
    does: 'logs 100,000 lines at once',
    check: async (stage) => {
      const startedAt = performance.now();
      expect(await stage.run('for (let i = 0; i < 100_000; i++) await nango.log(""); return "done"')).toEqual({ kind: 'succeeded', output: 'done' });
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    },
  },
  {
    id: 'E30',
    does: 'answers what is too large, cyclic or no JSON',
    check: async (stage) => {
      expect(await stage.code('return "x".repeat(500_000_000)')).toMatch(/^script_(output_too_large|output_not_serializable|out_of_memory)$/);
      expect(await stage.code('return "x".repeat(3_000_000)')).toBe('script_output_too_large');
      expect(await stage.code('const a = {}; a.a = a; return a')).toBe('script_output_not_serializable');
      expect(await stage.code('return { n: 1n }')).toBe('script_output_not_serializable');
    },
  },
];
