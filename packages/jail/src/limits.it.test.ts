import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJailPool } from './jail-pool.js';
import type { JailPool } from './job.js';
import { aBroker, aJob } from './test/a-job.js';

const silenceMs = 1_000;
let pool: JailPool;
beforeAll(() => {
  pool = createJailPool({ size: 2 });
});
afterAll(() => pool.close());

const run = (body: string, limits = {}) => pool.run(aJob(`exports.default = async (nango, input) => { ${body} }`, { limits }));
const codeOf = async (body: string, limits = {}): Promise<string> => {
  const outcome = await run(body, limits);
  return outcome.kind === 'failed' ? outcome.error.code : outcome.kind;
};

/** After whatever happened the next script runs, at once. */
async function expectHealthy(): Promise<void> {
  const startedAt = performance.now();
  expect(await run('return 1')).toEqual({ kind: 'succeeded', output: 1 });
  expect(performance.now() - startedAt).toBeLessThan(2_000);
}

describe('a script that takes too much gets a typed error', () => {
  it('E19 of the heap', async () => {
    expect(await codeOf('const all = []; for (;;) all.push(new Array(1000).fill(Math.random()))')).toBe('script_out_of_memory');
    await expectHealthy();
  });

  it.runIf(process.platform === 'linux')('E20 of buffers', async () => {
    expect(await codeOf('const all = []; for (;;) all.push(Buffer.alloc(20_000_000, 1))', { silenceMs: 10_000 })).toBe('script_out_of_memory');
    expect(
      await codeOf('const all = []; for (;;) { try { all.push(new Uint8Array(20_000_000).fill(1)) } catch { } }', { silenceMs: 3_000, wallMs: 6_000 }),
    ).toMatch(/execution_timeout|script_out_of_memory/);
    await expectHealthy();
  });

  it('E27 of the stack, in recursion and in JSON', async () => {
    expect(await codeOf('const dig = () => dig() + 1; return dig()')).toBe('script_internal_error');
    expect(await codeOf('const dig = async () => { await dig() }; await dig()')).toBe('script_internal_error');
    expect(await codeOf('let deep = {}; for (let i = 0; i < 1e6; i++) deep = { deep }; return deep')).toMatch(/^script_output_(not_serializable|too_large)$/);
    expect(await codeOf('let deep = []; for (let i = 0; i < 2_000; i++) deep = [deep]; return { text: "[[[", deep }')).toBe('script_output_not_serializable');
    expect(await run('return ["[".repeat(2_000), "\\\\"]')).toMatchObject({ kind: 'succeeded' });
    await expectHealthy();
  });

  it('E28 E29 of the log: cut at the limit, and said so', async () => {
    const { broker, heard } = aBroker();
    const code =
      'exports.default = async (nango) => { await nango.log("y".repeat(5_000_000)); for (let i = 0; i < 100_000; i++) await nango.log("line " + i + " " + "x".repeat(100)); return "done" }';
    const startedAt = performance.now();
    expect(await pool.run(aJob(code, { broker, limits: { silenceMs: 5_000 } }))).toEqual({ kind: 'succeeded', output: 'done' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(heard.logs.reduce((sum, { message }) => sum + message.length, 0)).toBeLessThan(1_100_000);
    expect(heard.logs[0]?.message).toMatch(/truncated/);
    expect(heard.logs.at(-1)?.message).toMatch(/log limit .* reached/);
  });

  it.each([
    ['500 MB of output', 'return "x".repeat(500_000_000)', /script_output_too_large|script_output_not_serializable|script_out_of_memory/],
    ['output over the limit', 'return "x".repeat(3_000_000)', /^script_output_too_large$/],
    ['a cycle', 'const a = {}; a.a = a; return a', /^script_output_not_serializable$/],
    ['a BigInt', 'return { n: 1n }', /^script_output_not_serializable$/],
    ['a getter that throws (E14)', 'return { get a() { throw new Error("no") } }', /^script_output_not_serializable$/],
    ['a proxy that throws (E14)', 'return new Proxy({}, { ownKeys() { throw new Error("no") } })', /^script_output_not_serializable$/],
    ['a toJSON that loops (E14)', 'return { toJSON() { for (;;); } }', /^execution_timeout$/],
    ['a thrown proxy (E14)', 'throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 }, has() { throw 3 } })', /^script_internal_error$/],
  ])('E30 %s', async (_name, body, code) => {
    expect(await codeOf(body, code.test('execution_timeout') ? { silenceMs } : {})).toMatch(code);
    await expectHealthy();
  });
});
