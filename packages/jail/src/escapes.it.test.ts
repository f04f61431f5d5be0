import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJailPool } from './jail-pool.js';
import type { JailPool } from './job.js';
import { aBroker, aJob } from './test/a-job.js';

const silenceMs = 1_000;
const canary = 'canary-5f1e6d';
let pool: JailPool;

beforeAll(() => {
  process.env['NANGO_TEST_CANARY'] = canary;
  pool = createJailPool({ size: 2 });
});
afterAll(async () => {
  delete process.env['NANGO_TEST_CANARY'];
  await pool.close();
});

/** What an attempt gives its author: each expression's result or error, as text. */
async function attempt(...expressions: string[]): Promise<string[]> {
  const tries = expressions.map((expression) => `try { out.push(String(await (${expression}))) } catch (error) { out.push('refused: ' + error) }`);
  const outcome = await pool.run(aJob(`exports.default = async (nango) => { const out = []; ${tries.join('\n')}; return out }`));
  if (outcome.kind !== 'succeeded') throw new Error(JSON.stringify(outcome));
  return outcome.output as string[];
}

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

/** Ways that lead from any object of the realm to a function maker of whatever realm that object came from. */
const reachProcess = (object: string): string => `${object}.constructor.constructor('return process')()`;

describe('a script gets at nothing of the machine', () => {
  it('E01 E03 reads no files, /proc included', async () => {
    for (const name of ['fs', 'node:fs', 'node:fs/promises'])
      expect((await attempt(`require('${name}').readFileSync('/etc/passwd')`))[0]).toMatch(/^refused: .*not allowed/);
    expect(await attempt('fetch("file:///etc/passwd")')).toEqual(['refused: ReferenceError: fetch is not defined']);
  });

  it('E02 has no process and no environment', async () => {
    const answers = await attempt(
      'typeof process',
      'typeof globalThis.process',
      'typeof require("util").process',
      'Object.keys(globalThis).join()',
      'typeof global.process',
    );
    expect(answers).toEqual(['undefined', 'undefined', 'undefined', '', 'undefined']);
    expect(JSON.stringify(answers)).not.toContain(canary);
  });

  it.each([
    ['E04', 'child_process'],
    ['E05', 'internalBinding'],
    ['E06', 'worker_threads'],
    ['E07', 'module'],
    ['E08', 'process'],
    ['E25', 'node:os'],
    ['E31', 'http'],
    ['E32', 'node:net'],
    ['E34', 'dns'],
    ['', 'node:sqlite'],
    ['', 'vm'],
    ['', 'v8'],
    ['', 'inspector'],
    ['', '__proto__'],
    ['', 'constructor'],
    ['', '../../etc/passwd'],
  ])('%s may not require %s, and is told what it may', async (_id, name) => {
    const [answer] = await attempt(`require('${name}')`);
    expect(answer).toMatch(/^refused: NangoError: The module .* is not allowed in scripts\. Allowed: buffer, crypto/);
  });

  it('E07 finds no module by import(), and its refusal is an object of the realm', async () => {
    const answers = await attempt(
      "import('node:fs')",
      "import('data:text/javascript,export default 1')",
      "import('node:fs').catch((error) => error instanceof Error)",
      `import('node:fs').catch((error) => ${reachProcess('error')})`,
      reachProcess("import('node:fs')"),
    );
    expect(answers[0]).toMatch(/^refused: TypeError: import\(\) is not available/);
    expect(answers[1]).toMatch(/^refused: TypeError/);
    expect(answers[2]).toBe('true');
    expect(answers[3]).toMatch(/^refused: EvalError/);
    expect(answers[4]).toMatch(/^refused: EvalError/);
  });

  it('E09 holds no object that leads out of its realm', async () => {
    const objects = [
      'Error',
      'Buffer',
      'URL',
      'new URL("http://a.b")',
      'setTimeout',
      'console.log',
      'nango',
      'nango.get',
      'require',
      'module',
      'exports',
      'require("crypto")',
      'require("zod").z.string()',
      'require("lodash")',
      'new nango.ActionError()',
      'Promise.resolve()',
      '(await nango.get({ endpoint: "/" }))',
      'nango.abortSignal',
      'structuredClone',
      'new TextEncoder()',
    ];
    const answers = await attempt(...objects.map(reachProcess), '(function () { return arguments.callee.caller })()');
    for (const answer of answers.slice(0, -1)) expect(answer).toMatch(/^refused: (EvalError|TypeError)/);
    const same = await attempt(...objects.map((object) => `(${object}).constructor.constructor === Function || (${object}).constructor === Object`));
    for (const answer of same) expect(answer).toBe('true');
  });

  it('E09 catches no error of the host, not even at the end of the stack', async () => {
    const body = `
      const caught = [];
      const keep = (call) => { try { call() } catch (error) { caught.push(error) } };
      const dig = (call) => { keep(call); dig(call) };
      for (const call of [() => setTimeout(() => {}, 1), () => new URL('http://a.b'), () => nango.log('x'), () => require('crypto').randomBytes(8), () => require('zod'), () => nango.get({ endpoint: '/' }).catch((error) => caught.push(error))]) {
        try { dig(call) } catch (error) { caught.push(error) }
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
      return [caught.length > 10, caught.filter((error) => !(error instanceof Error)).length, caught.filter((error) => error.constructor.constructor !== Function).length]`;
    expect(await run(body)).toEqual({ kind: 'succeeded', output: [true, 0, 0] });
  });

  it('E10 evaluates no text', async () => {
    const answers = await attempt(
      'eval("1")',
      'new Function("return 1")()',
      '(async () => {}).constructor("return 1")()',
      'setTimeout("1")',
      'Reflect.construct(Function, ["return 1"])()',
      'new WebAssembly.Module(new Uint8Array(8))',
    );
    expect(answers.map((answer) => answer.split(':')[1]?.trim())).toEqual(['EvalError', 'EvalError', 'EvalError', 'TypeError', 'EvalError', 'ReferenceError']);
  });

  it('E11 is shown no frames of the host', async () => {
    const body = `
      let seen = null;
      Error.prepareStackTrace = (error, frames) => { seen = frames; return '' };
      try { new URL('no url') } catch (error) { String(error.stack) }
      String(new Error('x').stack);
      let replaced = 'kept'; try { globalThis.Error = { prepareStackTrace: () => { seen = [] } }; if (globalThis.Error !== Error) replaced = 'replaced' } catch {}
      return [seen, replaced]`;
    expect(await run(body)).toEqual({ kind: 'succeeded', output: [null, 'kept'] });
  });

  it('E12 E13 changes no prototype but its own', async () => {
    const body =
      'Object.prototype.isAdmin = true; Array.prototype.map = null; return JSON.parse(\'{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}}}\')';
    expect((await run(body)).kind).toBe('succeeded');
    expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
    expect(({} as { x?: number }).x).toBeUndefined();
    await expectHealthy();
    expect(await run('return {}.isAdmin ?? null')).toEqual({ kind: 'succeeded', output: null });
  });

  it('E12 still reports its result truthfully when it has broken its own realm', async () => {
    const body =
      'JSON.stringify = () => "forged"; JSON.parse = () => ({}); Promise.prototype.then = () => {}; Map.prototype.get = () => undefined; return { honest: true }';
    const outcome = await run(body);
    expect(outcome.kind === 'succeeded' ? outcome.output : { honest: true }).toEqual({ honest: true });
    await expectHealthy();
  });

  it('E15 makes the host call no thenable', async () => {
    const { broker, heard } = aBroker();
    const code =
      'Object.prototype.then = function (resolve) { globalThis.called = true; resolve && resolve(1) }; exports.default = async (nango) => { await nango.log("x"); return globalThis.called === true }';
    const outcome = await pool.run(aJob(code, { broker }));
    expect(['succeeded', 'failed']).toContain(outcome.kind);
    expect(heard.calls).toEqual([]);
    await expectHealthy();
  });

  it('E31 E32 E33 has no way to the network', async () => {
    const server = createServer();
    const port = await listening(server);
    let touched = false;
    server.on('connection', () => (touched = true));
    const answers = await attempt(
      `fetch('http://127.0.0.1:${port}')`,
      `new WebSocket('ws://127.0.0.1:${port}')`,
      `new EventSource('http://127.0.0.1:${port}')`,
      'new XMLHttpRequest()',
      'navigator.sendBeacon("/")',
    );
    for (const answer of answers) expect(answer).toMatch(/^refused: ReferenceError/);
    expect(touched).toBe(false);
    server.close();
  });
});

describe('a script that does not want to end is ended', () => {
  it.each([
    ['E16 an endless loop', 'while (true);'],
    ['E17 endless microtasks', 'const again = () => Promise.resolve().then(again); await again();'],
    ['E18 a catastrophic expression', '/^(a+)+$/.test("a".repeat(60) + "!")'],
    ['E41 a blocking wait', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'],
  ])('%s', async (_name, body) => {
    const startedAt = performance.now();
    expect(await codeOf(body, { silenceMs })).toBe('execution_timeout');
    expect(performance.now() - startedAt).toBeLessThan(silenceMs + 2_000);
    await expectHealthy();
  });

  it('waits in small steps for ever: the wall limit', async () => {
    const outcome = await run('for (;;) await new Promise((resolve) => setTimeout(resolve, 10))', { wallMs: 700 });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'execution_timeout', payload: { limit: 'wall' } } });
    await expectHealthy();
  });

  it('E23 waits for what can never happen: no success', async () => {
    expect(await run('await new Promise(() => {})')).toMatchObject({
      kind: 'failed',
      error: { code: 'script_internal_error', message: expect.stringContaining('ended without a result') },
    });
    await expectHealthy();
  });

  it('E23 but a script that waits for a timer or a call is left alone', async () => {
    const { broker } = aBroker(async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { body: { late: true } };
    });
    const outcome = await pool.run(
      aJob(
        'exports.default = async (nango) => { await new Promise((resolve) => setTimeout(resolve, 200)); return (await nango.get({ endpoint: "/" })).data }',
        { broker },
      ),
    );
    expect(outcome).toEqual({ kind: 'succeeded', output: { late: true } });
  });

  it('E24 E25 E26 cannot exit, signal or abort: there is no process to do it with', async () => {
    for (const call of ['exit(0)', 'kill(process.ppid)', 'abort()', 'kill(-1, "SIGKILL")']) {
      expect(await run(`process.${call}; return 1`)).toMatchObject({
        kind: 'failed',
        error: { code: 'script_internal_error', message: 'process is not defined' },
      });
    }
    await expectHealthy();
  });
});

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}
