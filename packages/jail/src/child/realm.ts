import { constants, type Context, createContext, Script } from 'node:vm';
import type { HostFunctions, RealmHandle, ScriptFunction } from 'script';
import type { DriverMessage } from '../child-messages.js';
import { compute, fillRandom } from './compute.js';

type Outside = { bundle: (name: string) => Bundle; send: (head: string, body: string | null) => void };
/** Text of a bundle; once it has been evaluated, what V8 compiled of it, so that the next realm compiles nothing. */
export type Bundle = { text: string; compiled?: Script; cache?: Buffer };

type AnswerMessage = Extract<DriverMessage, { t: 'answer' }>;

/** A realm of a jail, as its process drives it. */
export type JailRealm = {
  run(code: string, jobJson: string): void;
  deliver(answer: AnswerMessage, body: Uint8Array): void;
  abort(): void;
  /** Cuts it off from the process; false when it left a timer or an open call behind. */
  close(): boolean;
};

/** Makes a fresh context that cannot compile text, and boots the `nango` object's code in it. */
export function openRealm(outside: Outside): JailRealm {
  const context = createContext(constants.DONT_CONTEXTIFY, { codeGeneration: { strings: false, wasm: false } });
  return new Realm(context, outside);
}

class Realm implements JailRealm {
  readonly #context: Context;
  readonly #outside: Outside;
  readonly #handle: RealmHandle;
  readonly #timers = new Map<number, NodeJS.Timeout>();
  readonly #unhandled = (reason: unknown): void => this.#enter(() => this.#handle.unhandled(reason));
  #running = false;
  #closed = false;

  constructor(context: Context, outside: Outside) {
    this.#context = context;
    this.#outside = outside;
    // The bundle is ours: an expression that answers `boot`.
    const boot = this.#evaluate('realm') as (functions: HostFunctions) => RealmHandle;
    this.#handle = boot(this.#functions());
    process.on('unhandledRejection', this.#unhandled);
  }

  run(code: string, jobJson: string): void {
    this.#running = true;
    let script: ScriptFunction;
    try {
      script = this.#compile(`(function (exports, require, module) {${code}\n})`, 'script.js') as ScriptFunction;
    } catch (error) {
      return this.#fail(`The script cannot be read: ${describeSyntaxError(error)}`);
    }
    this.#enter(() => this.#handle.start(script, jobJson));
  }

  deliver(answer: AnswerMessage, body: Uint8Array): void {
    const head = JSON.stringify(answer.ok ? { id: answer.id, ok: true, value: answer.value } : { id: answer.id, ok: false, error: answer.error });
    this.#enter(() => {
      if (!answer.ok || !answer.binary) return this.#handle.deliver(head, Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'), null);
      const bytes = this.#handle.allocate(body.byteLength);
      Uint8Array.prototype.set.call(bytes, body);
      return this.#handle.deliver(head, null, bytes);
    });
  }

  abort(): void {
    this.#enter(() => this.#handle.abort());
  }

  close(): boolean {
    const isAtRest = this.#timers.size === 0 && this.#handle.pending() === 0;
    this.#closed = true;
    process.off('unhandledRejection', this.#unhandled);
    return isAtRest;
  }

  /**
   * Every way into the realm. What a script throws here is of no use to the host and must not be touched.
   * Afterwards a realm without timers and open calls can never go on by itself.
   */
  #enter(step: () => void): void {
    try {
      step();
    } catch {
      this.#fail('The script broke the platform code around it');
    }
    setImmediate(() => setImmediate(() => this.#closed || this.#checkRest()));
  }

  #checkRest(): void {
    if (this.#running && this.#handle.pending() === 0) this.#fail('The script ended without a result: it waits for something that can never happen');
  }

  #fail(message: string): void {
    const error = { code: 'script_internal_error', message, payload: { name: 'Error', code: null, message } };
    this.#send(JSON.stringify({ t: 'done', outcome: 'failed', error }), null);
  }

  #send(head: string, body: string | null): void {
    if (this.#closed) return;
    if (head.startsWith('{"t":"done"')) {
      if (!this.#running) return;
      this.#running = false;
    }
    this.#outside.send(head, body);
  }

  /** Each without a prototype, so that not even `constructor` leads out of the realm. */
  #functions(): HostFunctions {
    const functions: HostFunctions = {
      send: (head, body) => this.#send(head, body),
      startTimer: (id, delayMs) =>
        void this.#timers.set(
          id,
          setTimeout(() => this.#fire(id), delayMs),
        ),
      stopTimer: (id) => this.#stopTimer(id),
      compute: (name, argumentsJson) => compute(name, argumentsJson),
      fillRandom: (bytes) => fillRandom(bytes),
      load: (name) => this.#evaluate(name),
    };
    for (const value of Object.values(functions)) Object.freeze(Object.setPrototypeOf(value, null));
    return Object.setPrototypeOf(functions, null) as HostFunctions;
  }

  #fire(id: number): void {
    this.#timers.delete(id);
    this.#enter(() => this.#handle.fire(id));
  }

  #stopTimer(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  #evaluate(name: string): unknown {
    if (!/^[a-z0-9-]+$/.test(name)) throw new Error('No such bundle');
    const bundle = this.#outside.bundle(name);
    // Made of a script that has run, the cache holds the functions that it needed, too.
    if (bundle.compiled) bundle.cache ??= bundle.compiled.createCachedData();
    const script = this.#parse(bundle.text, `nango:${name}.js`, bundle.cache);
    bundle.compiled ??= script;
    const evaluate = script.runInContext(this.#context) as () => unknown;
    return evaluate();
  }

  #compile(code: string, filename: string): unknown {
    return this.#parse(code, filename).runInContext(this.#context);
  }

  /** `import()` would answer an error of the host's realm; with this it answers one of the script's. */
  #parse(code: string, filename: string, cachedData?: Buffer): Script {
    const importModuleDynamically = (): never => {
      throw this.#handle.error('import() is not available in scripts; use an import at the top');
    };
    return new Script(code, { filename, importModuleDynamically, ...(cachedData ? { cachedData } : {}) });
  }
}

/** `script.js:3: Unexpected token`; made by the host's own parser, so safe to read. */
function describeSyntaxError(error: unknown): string {
  if (!(error instanceof Error)) return 'it is not valid JavaScript';
  const line = error.stack?.split('\n')[0] ?? '';
  return line.startsWith('script.js:') ? `${error.message} (${line})` : error.message;
}
