import { expect } from 'vitest';
import { aBroker, aJob } from '../a-job.js';
import type { Row } from './row.js';

/** Ways that lead from any object of the realm to a function maker of whatever realm that object came from. */
const reachProcess = (object: string): string => `${object}.constructor.constructor('return process')()`;

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
  'require("crypto").createCipheriv("aes-128-ecb", Buffer.alloc(16), null)',
  'require("crypto").createSecretKey(Buffer.alloc(1))',
  'require("crypto").generateKeyPairSync("ed25519").privateKey',
  'require("crypto").constants',
  'crypto.subtle.digest("SHA-1", Buffer.alloc(1))',
  'new AbortController().signal.addEventListener',
  'new Blob()',
  'setTimeout(() => {}, 1)',
  'nango.abortSignal',
  'structuredClone',
  'new TextEncoder()',
  "(await import('node:fs').catch((error) => error))",
];

/** The fence of the script's own world: no object, frame or prototype of the process behind it. */
export const realm: Row[] = [
  {
    id: 'E09',
    does: 'follows constructors and caught errors to the host',
    check: async (stage) => {
      const answers = await stage.attempt(...objects.map(reachProcess), '(function () { return arguments.callee.caller })()');
      for (const answer of answers.slice(0, -1)) expect(answer).toMatch(/^refused: (EvalError|TypeError)/);
      const same = await stage.attempt(...objects.map((object) => `(${object}).constructor.constructor === Function || (${object}).constructor === Object`));
      for (const answer of same) expect(answer).toBe('true');
      const body = `
        const caught = [];
        const keep = (call) => { try { call() } catch (error) { caught.push(error) } };
        const dig = (call) => { keep(call); dig(call) };
        for (const call of [() => setTimeout(() => {}, 1), () => new URL('http://a.b'), () => nango.log('x'), () => require('crypto').randomBytes(8), () => require('crypto').createCipheriv('aes-128-ecb', Buffer.alloc(16), null).final(), () => new AbortController().abort(), () => require('zod'), () => import('x').catch((error) => caught.push(error)), () => nango.get({ endpoint: '/' }).catch((error) => caught.push(error))]) {
          try { dig(call) } catch (error) { caught.push(error) }
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
        return [caught.length > 10, caught.filter((error) => !(error instanceof Error)).length, caught.filter((error) => error.constructor.constructor !== Function).length]`;
      expect(await stage.run(body)).toEqual({ kind: 'succeeded', output: [true, 0, 0] });
    },
  },
  {
    id: 'E10',
    does: 'evaluates text',
    check: async (stage) => {
      const answers = await stage.attempt(
        'eval("1")',
        'new Function("return 1")()',
        '(async () => {}).constructor("return 1")()',
        'setTimeout("1")',
        'Reflect.construct(Function, ["return 1"])()',
        'new WebAssembly.Module(new Uint8Array(8))',
      );
      expect(answers.map((answer) => answer.split(':')[1]?.trim())).toEqual([
        'EvalError',
        'EvalError',
        'EvalError',
        'TypeError',
        'EvalError',
        'ReferenceError',
      ]);
    },
  },
  {
    id: 'E11',
    does: 'reads frames of the host from stack traces',
    check: async (stage) => {
      const body = `
        let seen = null;
        Error.prepareStackTrace = (error, frames) => { seen = frames; return '' };
        try { new URL('no url') } catch (error) { String(error.stack) }
        String(new Error('x').stack);
        let replaced = 'kept'; try { globalThis.Error = { prepareStackTrace: () => { seen = [] } }; if (globalThis.Error !== Error) replaced = 'replaced' } catch {}
        return [seen, replaced]`;
      expect(await stage.run(body)).toEqual({ kind: 'succeeded', output: [null, 'kept'] });
    },
  },
  {
    id: 'E12',
    does: 'changes prototypes, then calls the host',
    check: async (stage) => {
      expect((await stage.run("Object.prototype.isAdmin = true; Array.prototype.map = null; await nango.log('x'); return {}")).kind).toBe('succeeded');
      expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
      expect(await stage.run('return {}.isAdmin ?? null')).toEqual({ kind: 'succeeded', output: null });
      const forging =
        'JSON.stringify = () => "forged"; JSON.parse = () => ({}); Promise.prototype.then = () => {}; Map.prototype.get = () => undefined; return { honest: true }';
      const outcome = await stage.run(forging);
      expect(outcome.kind === 'succeeded' ? outcome.output : { honest: true }).toEqual({ honest: true });
    },
  },
  {
    id: 'E13',
    does: 'answers and sends __proto__ and constructor.prototype',
    check: async (stage) => {
      const evil = 'JSON.parse(\'{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}}}\')';
      const { broker, heard } = aBroker();
      const code = `exports.default = async (nango) => { await nango.updateMetadata(${evil}); return ${evil} }`;
      expect((await stage.pool.run(aJob(code, { broker }))).kind).toBe('succeeded');
      expect(JSON.stringify(heard.metadata)).not.toContain('__proto__');
      expect([({} as { x?: number }).x, ({} as { y?: number }).y]).toEqual([undefined, undefined]);
    },
  },
  {
    id: 'E14',
    does: 'answers getters, proxies and toJSON that throw or loop',
    check: async (stage) => {
      expect(await stage.code('return { get a() { throw new Error("no") } }')).toBe('script_output_not_serializable');
      expect(await stage.code('return new Proxy({}, { ownKeys() { throw new Error("no") } })')).toBe('script_output_not_serializable');
      expect(await stage.code('return { toJSON() { for (;;); } }', { silenceMs: 500 })).toBe('execution_timeout');
      expect(await stage.code('throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 }, has() { throw 3 } })')).toBe('script_internal_error');
    },
  },
  {
    id: 'E15',
    does: 'makes every object a thenable',
    check: async (stage) => {
      const { broker, heard } = aBroker();
      const code =
        'Object.prototype.then = function (resolve) { globalThis.called = true; resolve && resolve(1) }; exports.default = async (nango) => { await nango.log("x"); return globalThis.called === true }';
      expect(['succeeded', 'failed']).toContain((await stage.pool.run(aJob(code, { broker }))).kind);
      expect(heard.calls).toEqual([]);
    },
  },
];
