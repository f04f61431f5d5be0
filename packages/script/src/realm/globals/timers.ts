import type { Host } from '../host.js';

type Entry = { callback: (...args: unknown[]) => void; args: unknown[]; everyMs: number | null };

/** Timers of the realm: the host only tells when an id is due. */
export class Timers {
  readonly #host: Host;
  readonly #entries = new Map<number, Entry>();
  readonly #failed: (error: unknown) => void;
  #lastId = 0;

  constructor(host: Host, failed: (error: unknown) => void) {
    this.#host = host;
    this.#failed = failed;
  }

  get pending(): number {
    return this.#entries.size;
  }

  fire(id: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (entry.everyMs === null) this.#entries.delete(id);
    else this.#host.startTimer(id, entry.everyMs);
    try {
      entry.callback(...entry.args);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** The functions as scripts see them. */
  functions(): Record<string, unknown> {
    const stop = (id: unknown): void => this.#stop(id);
    return {
      setTimeout: (callback: unknown, delayMs?: unknown, ...args: unknown[]) => this.#start({ callback: callable(callback), args, everyMs: null }, delayMs),
      setInterval: (callback: unknown, delayMs?: unknown, ...args: unknown[]) =>
        this.#start({ callback: callable(callback), args, everyMs: milliseconds(delayMs) }, delayMs),
      setImmediate: (callback: unknown, ...args: unknown[]) => this.#start({ callback: callable(callback), args, everyMs: null }, 0),
      clearTimeout: stop,
      clearInterval: stop,
      clearImmediate: stop,
      queueMicrotask: (callback: unknown) => void Promise.resolve().then(callable(callback)).catch(this.#failed),
    };
  }

  #start(entry: Entry, delayMs: unknown): number {
    const id = ++this.#lastId;
    this.#entries.set(id, entry);
    this.#host.startTimer(id, milliseconds(delayMs));
    return id;
  }

  #stop(id: unknown): void {
    if (typeof id === 'number' && this.#entries.delete(id)) this.#host.stopTimer(id);
  }
}

/** Also refuses text, which a browser would evaluate. */
function callable(callback: unknown): (...args: unknown[]) => void {
  if (typeof callback !== 'function') throw new TypeError('The callback must be a function');
  return callback as (...args: unknown[]) => void;
}

function milliseconds(delay: unknown): number {
  const value = Number(delay);
  return value >= 1 && value <= 2_147_483_647 ? value : 1;
}
