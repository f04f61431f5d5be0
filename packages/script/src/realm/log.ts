import type { Bridge } from './bridge.js';
import { cutText } from './error/truncate.js';
import { machineClock, stringify } from './intrinsics.js';
import { inspect } from './node-util/inspect.js';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** What a line costs beside its text, so that a million empty ones are not free. */
const lineCost = 64;
const suffix = '... (truncated)';
const levels: Record<string, Level> = { debug: 'debug', info: 'info', warn: 'warn', error: 'error', verbose: 'debug', silly: 'debug', http: 'info' };
const ranks: Record<string, number> = { debug: 0, info: 1, warn: 2, error: 3, off: 4 };

/** Writes log lines of the run until the run's limit is reached, which is said once. */
export class Log {
  readonly #bridge: Bridge;
  /** One entry at most; beyond it the meta goes and the message is cut. */
  readonly #maxEntry: number;
  #left: number;
  #full = false;
  #lowest = 0;

  constructor(bridge: Bridge, { logBytes, lineBytes }: { logBytes: number; lineBytes: number }) {
    this.#bridge = bridge;
    this.#left = logBytes;
    this.#maxEntry = lineBytes;
  }

  setLevel(level: unknown): void {
    this.#lowest = ranks[String(level)] ?? 0;
  }

  /** Arguments of `nango.log`: a last object with `level` says how important it is. */
  write(args: unknown[]): void {
    const last = args.at(-1);
    const options = args.length > 0 && isObject(last) && 'level' in last ? last : null;
    const [message, meta] = options ? args.slice(0, -1) : args;
    const level = levels[String(options?.['level'] ?? 'info')] ?? 'info';
    this.line(level, typeof message === 'string' ? message : inspect(message), meta);
  }

  line(level: Level, message: string, meta?: unknown): void {
    if ((ranks[level] ?? 0) < this.#lowest || this.#full) return;
    const entry = fit(message, toMeta(meta), this.#maxEntry);
    this.#left -= entry.size + lineCost;
    if (this.#left < 0) return this.#end();
    this.#post(level, entry.message, entry.meta);
  }

  #end(): void {
    this.#full = true;
    this.#post('warn', 'The log limit of this run is reached; further lines are dropped');
  }

  #post(level: Level, message: string, meta?: unknown): void {
    this.#bridge.post({ t: 'log', at: new Date(machineClock()).toISOString(), level, message, ...(meta === undefined ? {} : { meta }) });
  }
}

function fit(message: string, meta: { value: object; size: number } | undefined, maxEntry: number): { message: string; meta?: object; size: number } {
  const size = message.length + (meta?.size ?? 0);
  if (size <= maxEntry) return meta ? { message, meta: meta.value, size } : { message, size };
  const cut = message.length > maxEntry ? cutText(message, maxEntry) : `${message}${suffix}`;
  return { message: cut, size: cut.length };
}

/** As plain JSON; a list becomes an object keyed by index. */
function toMeta(meta: unknown): { value: object; size: number } | undefined {
  if (meta === undefined || meta === null) return undefined;
  try {
    const source = meta instanceof Error ? { name: meta.name, message: meta.message } : meta;
    const json = stringify(Array.isArray(source) ? { ...source } : isObject(source) ? source : { value: source });
    return { value: JSON.parse(json) as object, size: json.length };
  } catch {
    return { value: { value: inspect(meta) }, size: 100 };
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
