import { constants, type Context, createContext } from 'node:vm';
import type { HostFunctions, RealmHandle, ScriptFunction } from 'script';
import type { DriverMessage } from '../child-messages.js';
import { makeCompute } from './compute.js';
import { randomComputations } from './crypto-computations.js';
import { Deliveries } from './deliveries.js';
import type { Compiler } from './compiler.js';
import { Tape } from './tape/tape.js';

type Outside = { compiler: Compiler; send: (head: string, body: string | null) => void };

type ScriptToRun = { code: string; jobJson: string; tape: string };
type AnswerMessage = Extract<DriverMessage, { t: 'answer' }>;

/** Long after every turn it may be about: checked once in a while, not after each of thousands of answers. */
const restCheckMs = 5;

/** A realm of a jail, as its process drives it. */
export type JailRealm = {
  /** `tape` is what earlier attempts of the run have recorded, or nothing. */
  run(script: ScriptToRun): void;
  deliver(answer: AnswerMessage, body: Uint8Array): void;
  abort(): void;
  /** What a script that calls `import()` gets: an error of its own realm. */
  importRefusal(): unknown;
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
  readonly #unhandled = (reason: unknown): void => this.#enter(() => this.#handle.unhandled(reason));
  readonly #compute = makeCompute();
  #tape: Tape;
  #deliveries: Deliveries;
  #restCheck: NodeJS.Timeout | null = null;
  #running = false;
  #closed = false;

  constructor(context: Context, outside: Outside) {
    this.#context = context;
    this.#outside = outside;
    [this.#tape, this.#deliveries] = this.#makeTape('');
    // The bundle is ours: an expression that answers `boot`.
    const boot = this.#evaluate('realm') as (functions: HostFunctions) => RealmHandle;
    this.#handle = boot(this.#functions());
    process.on('unhandledRejection', this.#unhandled);
  }

  run({ code, jobJson, tape }: ScriptToRun): void {
    this.#running = true;
    [this.#tape, this.#deliveries] = this.#makeTape(tape);
    let script: ScriptFunction;
    try {
      script = this.#outside.compiler.script(code).runInContext(this.#context) as ScriptFunction;
    } catch (error) {
      return this.#fail(`The script cannot be read: ${describeSyntaxError(error)}`);
    }
    this.#enter(() => this.#handle.start(script, jobJson));
    this.#deliveries.schedule();
  }

  deliver(answer: AnswerMessage, body: Uint8Array): void {
    this.#deliveries.answered(answer.id, () => this.#answer(answer, body));
  }

  /** The abort is on no tape: from here on the script does what it did not do before. */
  abort(): void {
    this.#tape.drop();
    this.#enter(() => this.#handle.abort());
  }

  importRefusal(): unknown {
    return this.#handle.error('import() is not available in scripts; use an import at the top');
  }

  close(): boolean {
    const { isAtRest } = this.#deliveries;
    this.#closed = true;
    this.#deliveries.end();
    clearTimeout(this.#restCheck ?? undefined);
    process.off('unhandledRejection', this.#unhandled);
    return isAtRest;
  }

  #makeTape(recorded: string): [Tape, Deliveries] {
    const tape = new Tape({
      recorded,
      spill: (text) => this.#send(JSON.stringify({ t: 'tape', tape: text }), null),
      wentLive: (divergence) => this.#wentLive(divergence),
    });
    return [tape, new Deliveries({ tape, fire: (id) => this.#handle.fire(id), enter: (step) => this.#enter(step) })];
  }

  /** May be called from within the script, at a reading of the clock: the rest waits for a turn of its own. */
  #wentLive(divergence: string | null): void {
    this.#deliveries.schedule();
    if (divergence !== null) this.#send(JSON.stringify({ t: 'diverged', detail: divergence }), null);
  }

  #answer(answer: AnswerMessage, body: Uint8Array): void {
    const head = JSON.stringify(answer.ok ? { id: answer.id, ok: true, value: answer.value } : { id: answer.id, ok: false, error: answer.error });
    if (!answer.ok || !answer.binary) return this.#handle.deliver(head, Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'), null);
    const bytes = this.#handle.allocate(body.byteLength);
    Uint8Array.prototype.set.call(bytes, body);
    this.#handle.deliver(head, null, bytes);
  }

  /**
   * Every way into the realm. What a script throws here is of no use to the host and must not be touched.
   * Afterwards a realm without timers and open calls can never go on by itself.
   */
  #enter(step: () => void): void {
    if (this.#closed) return;
    try {
      step();
    } catch {
      this.#fail('The script broke the platform code around it');
    }
    if (this.#restCheck === null) this.#restCheck = setTimeout(() => this.#checkRest(), restCheckMs);
  }

  #checkRest(): void {
    this.#restCheck = null;
    if (this.#running && this.#handle.pending() === 0) this.#fail('The script ended without a result: it waits for something that can never happen');
  }

  #fail(message: string): void {
    const error = { code: 'script_internal_error', message, payload: { name: 'Error', code: null, message } };
    this.#end(JSON.stringify({ t: 'done', outcome: 'failed', error }), null);
  }

  /** The one message that ends the run carries what is left of the tape. */
  #end(head: string, body: string | null): void {
    if (!this.#running) return;
    this.#running = false;
    this.#send(this.#withTape(head), body);
  }

  /**
   * A script can bend what its realm sends, so nothing but these three passes, and the tape is put in here, behind
   * everything that could bear its name.
   */
  #post(head: string, body: string | null): void {
    if (head.startsWith('{"t":"done"')) this.#end(head, body);
    else if (head.startsWith('{"t":"log"')) this.#send(this.#tape.isReplaying ? `${head.slice(0, -1)},"replayed":true}` : head, body);
  }

  #call(id: number, head: string, body: string | null): void {
    if (!head.startsWith('{"t":"call"')) return;
    this.#deliveries.called(id);
    this.#send(this.#withTape(head), body);
  }

  /** What was recorded since the last message; null once the tape is full. Letters, digits, `-` and `*` need no escape. */
  #withTape(head: string): string {
    const text = this.#tape.take();
    return `${head.slice(0, -1)},"tape":${text === '' && this.#tape.isFull ? 'null' : `"${text}"`}}`;
  }

  #send(head: string, body: string | null): void {
    if (!this.#closed) this.#outside.send(head, body);
  }

  /** Each without a prototype, so that not even `constructor` leads out of the realm. */
  #functions(): HostFunctions {
    const functions: HostFunctions = {
      send: (head, body) => this.#post(head, body),
      call: (id, head, body) => this.#call(id, head, body),
      clock: () => this.#tape.clock(),
      steadyClock: () => this.#tape.steadyClock(),
      random: () => this.#tape.random(),
      randomBytes: (size) => this.#tape.randomBytes(size),
      startTimer: (id, delayMs) => this.#deliveries.startTimer(id, delayMs),
      stopTimer: (id) => this.#deliveries.stopTimer(id),
      compute: (name, argumentsJson) => {
        const compute = (): string => this.#compute(name, argumentsJson);
        return randomComputations.has(name) ? this.#tape.computed(compute) : compute();
      },
      load: (name) => this.#evaluate(name),
    };
    for (const value of Object.values(functions)) Object.freeze(Object.setPrototypeOf(value, null));
    return Object.setPrototypeOf(functions, null) as HostFunctions;
  }

  #evaluate(name: string): unknown {
    const evaluate = this.#outside.compiler.bundle(name).runInContext(this.#context) as () => unknown;
    return evaluate();
  }
}

/** `script.js:3: Unexpected token`; made by the host's own parser, so safe to read. */
function describeSyntaxError(error: unknown): string {
  if (!(error instanceof Error)) return 'it is not valid JavaScript';
  const line = error.stack?.split('\n')[0] ?? '';
  return line.startsWith('script.js:') ? `${error.message} (${line})` : error.message;
}
