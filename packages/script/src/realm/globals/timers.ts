import type { Host } from '../host.js';
import { Timeout } from './timeout.js';

type Entry = { callback: (...args: unknown[]) => void; args: unknown[]; delayMs: number; repeats: boolean };

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
    if (entry.repeats) this.#host.startTimer(id, entry.delayMs);
    else this.#entries.delete(id);
    try {
      entry.callback(...entry.args);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** The functions as scripts see them. */
  functions(): Record<string, unknown> {
    const stop = (timer: unknown): void => this.#stop(timer);
    const starting =
      (repeats: boolean) =>
      (callback: unknown, delayMs?: unknown, ...args: unknown[]) =>
        this.#start({ callback: callable(callback), args, delayMs: milliseconds(delayMs), repeats });
    return {
      setTimeout: starting(false),
      setInterval: starting(true),
      setImmediate: (callback: unknown, ...args: unknown[]) => this.#start({ callback: callable(callback), args, delayMs: 1, repeats: false }),
      clearTimeout: stop,
      clearInterval: stop,
      clearImmediate: stop,
      queueMicrotask: (callback: unknown) => this.later(callable(callback)),
    };
  }

  /** Runs it after what runs now; what it throws ends the run. */
  later(step: () => void): void {
    void Promise.resolve().then(step).catch(this.#failed);
  }

  after(delayMs: number, callback: () => void): Timeout {
    return this.#start({ callback, args: [], delayMs: milliseconds(delayMs), repeats: false });
  }

  #start(entry: Entry): Timeout {
    const id = ++this.#lastId;
    const begin = (): void => {
      if (this.#entries.has(id)) this.#host.stopTimer(id);
      this.#entries.set(id, entry);
      this.#host.startTimer(id, entry.delayMs);
    };
    begin();
    return new Timeout(id, { begin, stop: () => this.#stop(id) });
  }

  #stop(timer: unknown): void {
    const id = timer instanceof Timeout ? Number(timer) : timer;
    const known = typeof id === 'string' ? Number(id) : id;
    if (typeof known === 'number' && this.#entries.delete(known)) this.#host.stopTimer(known);
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
