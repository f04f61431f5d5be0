import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createJailPool } from './jail-pool.js';
import type { JailPool } from './job.js';
import { defaultSize } from './node-arguments.js';
import { processDriver } from './process-driver.js';
import { aBroker, aJob } from './test/a-job.js';

let pool: JailPool;
beforeAll(() => {
  pool = createJailPool({ size: 2 });
});
afterAll(() => pool.close());

const script = (body: string): string => `exports.default = async (nango, input) => { ${body} }`;

describe('a run', () => {
  it('answers what the script returned, null for nothing', async () => {
    expect(await pool.run(aJob(script('return { got: input }'), { input: { a: [1, null, 'ü'] } }))).toEqual({
      kind: 'succeeded',
      output: { got: { a: [1, null, 'ü'] } },
    });
    expect(await pool.run(aJob(script('')))).toEqual({ kind: 'succeeded', output: null });
  });

  it("ignores what a sync returns, and gives a webhook's payload to its own export", async () => {
    expect(await pool.run(aJob(script('return 1'), { context: { kind: 'sync' } }))).toEqual({ kind: 'succeeded', output: null });
    const { broker, heard } = aBroker();
    const code =
      'exports.default = () => { throw 1 }; exports.onWebhookPayloadReceived = async (nango, payload) => nango.batchSave([{ id: payload.id }], "Issue")';
    await pool.run(aJob(code, { broker, input: { id: 'a' }, context: { kind: 'webhook', entry: 'onWebhookPayloadReceived' } }));
    expect(heard.saves).toEqual([{ model: 'Issue', operation: 'save', records: [{ id: 'a' }] }]);
  });

  it.each([
    ['module.exports = async () => 1', 1],
    ['module.exports = { default: async () => 2 }', 2],
    ['exports.default = { default: async () => 3 }', 3],
    ['exports.default = () => 4', 4],
  ])('takes the script from %s', async (code, output) => {
    expect(await pool.run(aJob(code))).toEqual({ kind: 'succeeded', output });
  });

  it.each([
    ['exports.other = 1', /has no default export/],
    ['exports.default = 1', /not a function/],
    ['const = 1', /cannot be read: .*script\.js:1/],
    ['throw new Error("at the top")', /at the top/],
  ])('fails clearly for %s', async (code, message) => {
    expect(await pool.run(aJob(code))).toMatchObject({ kind: 'failed', error: { code: 'script_internal_error', message: expect.stringMatching(message) } });
  });

  it('tells nothing of one script to the next', async () => {
    await pool.run(aJob('globalThis.secret = "s"; exports.default = () => 1'));
    expect(await pool.run(aJob('exports.default = () => typeof globalThis.secret'))).toEqual({ kind: 'succeeded', output: 'undefined' });
  });

  it('proves that it is alive while it waits for a call', async () => {
    const { broker } = aBroker(async () => {
      await wait(900);
      return {};
    });
    let beats = 0;
    await pool.run({ ...aJob(script('await nango.get({ endpoint: "/" })'), { broker, limits: { silenceMs: 900 } }), onAlive: () => beats++ });
    expect(beats).toBeGreaterThan(1);
  });

  it('says nango.dryRun where the pool is for that', async () => {
    const dry = createJailPool({ size: 0, dryRun: true });
    expect(await dry.run(aJob(script('return nango.dryRun')))).toEqual({ kind: 'succeeded', output: true });
    await dry.close();
    expect(await pool.run(aJob(script('return nango.dryRun')))).toEqual({ kind: 'succeeded', output: false });
  });

  it('runs many at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 12 }, (_, n) => pool.run(aJob(script('return input'), { input: n }))));
    expect(outcomes).toEqual(Array.from({ length: 12 }, (_, n) => ({ kind: 'succeeded', output: n })));
  });
});

describe('a run that is aborted', () => {
  it('ends at its next call as cancelled', async () => {
    const ending = new AbortController();
    const { broker, heard } = aBroker(async () => {
      ending.abort();
      await wait(50);
      return {};
    });
    const outcome = await pool.run(aJob(script('await nango.get({ endpoint: "/1" }); await nango.get({ endpoint: "/2" })'), { broker, signal: ending.signal }));
    expect(outcome).toEqual({ kind: 'cancelled' });
    expect(heard.calls.map(({ endpoint }) => endpoint)).toEqual(['/1']);
  });

  it('sees the typed error and the signal', async () => {
    const ending = new AbortController();
    setTimeout(() => ending.abort(), 150);
    const body =
      'const code = await new Promise((resolve) => nango.abortSignal.addEventListener("abort", () => nango.get({ endpoint: "/" }).catch((error) => resolve(error.code)))); return [code, nango.abortSignal.aborted]';
    const keepAlive = 'const timer = setInterval(() => {}, 50);';
    const outcome = await pool.run(aJob(script(`${keepAlive} try { ${body} } finally { clearInterval(timer) }`), { signal: ending.signal }));
    expect(outcome).toEqual({ kind: 'succeeded', output: ['script_aborted', true] });
  });

  it('is killed when it does not care', async () => {
    const ending = new AbortController();
    setTimeout(() => ending.abort(), 100);
    const startedAt = performance.now();
    const outcome = await pool.run(aJob(script('for (;;) await new Promise((resolve) => setTimeout(resolve, 10))'), { signal: ending.signal }));
    expect(outcome).toEqual({ kind: 'cancelled' });
    expect(performance.now() - startedAt).toBeLessThan(7_000);
  });

  it('does not start when it was aborted before', async () => {
    expect(await pool.run(aJob(script('return 1'), { signal: AbortSignal.abort() }))).toEqual({ kind: 'cancelled' });
  });
});

const refusing = (error: Error) => ({
  ...aBroker().broker,
  connection: async () => {
    throw error;
  },
});

describe('a broker that refuses', () => {
  it('is heard by the script with code and payload when it refuses by AppError', async () => {
    const error = Object.assign(new Error('No such connection'), { name: 'AppError', code: 'unknown_connection', payload: { id: 1 } });
    expect(await pool.run(aJob(script('await nango.getConnection()'), { broker: refusing(error) }))).toEqual({
      kind: 'failed',
      error: { code: 'unknown_connection', message: 'No such connection', payload: { id: 1 } },
    });
  });

  it('tells nothing of what went wrong inside', async () => {
    const outcome = await pool.run(aJob(script('await nango.getConnection()'), { broker: refusing(new Error('password=secret')) }));
    expect(JSON.stringify(outcome)).not.toContain('secret');
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'server_error' } });
  });
});

const statusOf = (pid: number): string =>
  existsSync(`/proc/${pid}/status`) ? (/State:\s+(\S)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '') : 'gone';

describe.runIf(process.platform === 'linux')('the processes', () => {
  it('are gone when the pool is closed, also a busy one', async () => {
    const own = createJailPool({ size: 3 });
    const { broker, heard } = aBroker();
    const run = own.run(aJob(script('await nango.log("busy"); while (true);'), { broker, limits: { silenceMs: 60_000 } }));
    await expect.poll(() => heard.logs.length, { timeout: 10_000 }).toBe(1);
    const before = childrenOf(process.pid);
    await own.close();
    expect(await run).toMatchObject({ kind: 'failed' });
    expect(before.length).toBeGreaterThanOrEqual(3);
    expect(childrenOf(process.pid).filter((pid) => statusOf(pid) === 'Z')).toEqual([]);
  });

  it.each(['in an endless loop', 'while they are paused'])('die with their parent, even %s', async (state) => {
    const program = `
      import { createJailPool } from ${JSON.stringify(fileURLToPath(new URL('../dist/index.js', import.meta.url)))};
      const pool = createJailPool({ size: 1 });
      void pool.run(JSON.parse(process.argv[1]) && { ...JSON.parse(process.argv[1]), broker: {} });
      setTimeout(() => process.stdout.write('running'), 400);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program, JSON.stringify(aJob('while (true);', { limits: { silenceMs: 60_000 } }))]);
    await new Promise((resolve) => parent.stdout.once('data', resolve));
    const jails = childrenOf(parent.pid ?? 0);
    expect(jails.length).toBeGreaterThan(0);
    if (state === 'while they are paused') for (const jail of jails) process.kill(jail, 'SIGSTOP');
    parent.kill('SIGKILL');
    await wait(300);
    expect(jails.map(statusOf).filter((status) => status !== 'gone' && status !== 'Z')).toEqual([]);
  });

  it('that wait cost little memory and wait with an empty environment', async () => {
    const jail = processDriver.start(defaultSize);
    await jail.ready;
    onTestFinished(() => jail.kill());
    const { pid } = jail;
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('');
    const pss = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]);
    expect(pss).toBeLessThan(45_000);
    jail.kill();
    expect((await jail.exited).signal).toBe('SIGKILL');
  });
});

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}
