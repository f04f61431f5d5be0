import type { ExecutionLimits, ScriptContext } from 'model';
import type { ScriptFunction } from '../protocol.js';
import type { Bridge } from './bridge.js';
import { classify } from './error/classify.js';
import { NangoError } from './error/nango-error.js';
import { abortSignal, newSignal } from './globals/abort.js';
import { stringify } from './intrinsics.js';
import { Log } from './log.js';
import { NangoAction } from './nango-action.js';
import { NangoSync } from './nango-sync.js';
import { type UncontrolledRequest, uncontrolledFetch } from './http/uncontrolled-fetch.js';
import type { Run } from './run.js';

/** What the driver hands over with a script. */
export type Job = { context: ScriptContext; input: unknown; dryRun: boolean; limits: ExecutionLimits };

/** Deeper than any real answer; other programs' parsers give up not far beyond. */
const maxDepth = 1_000;
const [quote, backslash, openBrace, openBracket] = [0x22, 0x5c, 0x7b, 0x5b];

type Entry = (nango: NangoAction, input: unknown) => unknown;

/** One run of one script, from its evaluation to the one message that ends it. */
export class ScriptRun {
  readonly #bridge: Bridge;
  readonly #now: () => number;
  readonly #signal = newSignal();
  #log: Log | null = null;
  #run: Run | null = null;
  #ended = false;

  constructor(bridge: Bridge, now: () => number) {
    this.#bridge = bridge;
    this.#now = now;
  }

  start(script: ScriptFunction, require: (name: string) => unknown, job: Job): void {
    const log = new Log(this.#bridge, job.limits);
    this.#log = log;
    const { context, dryRun, limits } = job;
    const run: Run = { context, dryRun, limits, bridge: this.#bridge, log, signal: this.#signal, now: this.#now };
    this.#run = run;
    this.#perform(script, require, run, job).then(
      (output) => this.#succeed(output),
      (error: unknown) => this.fail(error),
    );
  }

  /** For libraries that call by themselves. */
  async fetch(request: UncontrolledRequest): Promise<unknown> {
    if (!this.#run) throw new Error('No run has begun');
    return uncontrolledFetch(this.#run, request);
  }

  abort(): void {
    abortSignal(this.#signal, new NangoError('script_aborted', 'The run was aborted'));
  }

  /** A rejection that nobody handled does not end the run; what it was is said in the log. */
  unhandled(reason: unknown): void {
    const { code, message } = classify(reason);
    this.write('error', `A promise was rejected and nobody handled it: ${message} (${code}). Is an await missing?`);
  }

  write(level: 'debug' | 'info' | 'warn' | 'error', message: string): void {
    this.#log?.line(level, message);
  }

  fail(thrown: unknown): void {
    const error = classify(thrown);
    if (this.#signal.aborted && error.code === 'script_aborted') this.#end(() => this.#bridge.post({ t: 'done', outcome: 'aborted' }));
    else this.#end(() => this.#bridge.post({ t: 'done', outcome: 'failed', error }));
  }

  async #perform(script: ScriptFunction, require: (name: string) => unknown, run: Run, job: Job): Promise<string> {
    const module: { exports: unknown } = { exports: {} };
    script(module.exports as object, require, module, refuseImport);
    const entry = entryOf(module.exports, run.context);
    const saves = run.context.kind === 'sync' || run.context.kind === 'webhook';
    const output = await entry(saves ? new NangoSync(run) : new NangoAction(run), job.input);
    // What a sync returns has never been anybody's.
    return saves ? 'null' : toOutput(output, job.limits.outputBytes);
  }

  #succeed(output: string): void {
    this.#end(() => this.#bridge.post({ t: 'done', outcome: 'succeeded' }, output));
  }

  #end(post: () => void): void {
    if (this.#ended) return;
    this.#ended = true;
    post();
  }
}

/** Called as `import()` would be, so it answers a promise. */
async function refuseImport(): Promise<never> {
  throw new TypeError('import() is not available in scripts; use an import at the top');
}

function entryOf(exports: unknown, { entry, scriptName }: ScriptContext): Entry {
  const exported = (exports ?? {}) as Record<string, unknown>;
  const found = entry === 'default' && typeof exports === 'function' ? exports : exported[entry];
  if (typeof found === 'function') return found as Entry;
  // A default export that went through two bundlers.
  const nested = (found as Record<string, unknown> | undefined)?.['default'];
  if (entry === 'default' && typeof nested === 'function') return nested as Entry;
  const what = entry === 'default' ? 'a default export' : `an export '${entry}'`;
  throw new NangoError(
    'script_internal_error',
    found === undefined ? `The script '${scriptName}' has no ${what.replace(/^an? /, '')}` : `The script '${scriptName}' has ${what} that is not a function`,
  );
}

function toOutput(output: unknown, maxBytes: number): string {
  const json = toJson(output);
  // Counted in UTF-16 units first: never more than the bytes, and without a copy of a text that is far too long.
  const size = json.length > maxBytes ? json.length : utf8Length(json);
  if (size > maxBytes)
    throw new NangoError('script_output_too_large', `The output has ${size} bytes; at most ${maxBytes} are allowed`, { size, limit: maxBytes });
  if (isDeeper(json, maxDepth)) throw new NangoError('script_output_not_serializable', `The output is nested deeper than ${maxDepth} levels`);
  return json;
}

/** Counts brackets of a JSON text, those inside strings aside. */
function isDeeper(json: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index++) {
    const unit = json.charCodeAt(index);
    if (unit === quote) inString = !inString;
    else if (inString) index += unit === backslash ? 1 : 0;
    else if (unit === openBrace || unit === openBracket) depth++;
    else if (unit === openBrace + 2 || unit === openBracket + 2) depth--;
    if (depth > limit) return true;
  }
  return false;
}

function toJson(output: unknown): string {
  try {
    return stringify(output) ?? 'null';
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown problem';
    throw new NangoError('script_output_not_serializable', `The output cannot be written as JSON: ${reason.split('\n')[0]}`);
  }
}

function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) length += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return length;
}
