import type { Timers } from './timers.js';

type AbortEvent = { type: 'abort'; target: AbortSignal };
type Listener = ((event: AbortEvent) => void) | { handleEvent(event: AbortEvent): void };
type ListenerOptions = boolean | { once?: boolean; signal?: AbortSignal };

/** As `DOMException` with that name would be. */
class AbortError extends Error {
  override readonly name: string;
  readonly code: number;

  constructor(message: string, name = 'AbortError', code = 20) {
    super(message);
    this.name = name;
    this.code = code;
  }
}

/** Only from here are signals made. */
const key = Symbol('signal');
let end: (signal: AbortSignal, reason: unknown) => void;

/** `AbortSignal` as the web has it, also `nango.abortSignal`. */
export class AbortSignal {
  onabort: Listener | null = null;
  #aborted = false;
  #reason: unknown = undefined;
  readonly #listeners = new Map<Listener, boolean>();

  constructor(made?: unknown) {
    if (made !== key) throw new TypeError('Illegal constructor');
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  addEventListener(type: string, listener: Listener, options: ListenerOptions = {}): void {
    const { once = false, signal } = typeof options === 'object' ? options : {};
    if (type !== 'abort' || signal?.aborted || this.#listeners.has(listener)) return;
    this.#listeners.set(listener, once);
    signal?.addEventListener('abort', () => this.removeEventListener(type, listener), { once: true });
  }

  removeEventListener(_type: string, listener: Listener): void {
    this.#listeners.delete(listener);
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  static abort(reason: unknown = aborted()): AbortSignal {
    const signal = newSignal();
    end(signal, reason);
    return signal;
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const all = [...signals];
    const combined = newSignal();
    const follow = (signal: AbortSignal): void => end(combined, signal.reason);
    const ended = all.find((signal) => signal.aborted);
    if (ended) follow(ended);
    else for (const signal of all) signal.addEventListener('abort', () => follow(signal), { once: true });
    return combined;
  }

  static {
    end = (signal, reason) => {
      if (signal.#aborted) return;
      signal.#aborted = true;
      signal.#reason = reason;
      for (const listener of [...(signal.onabort ? [signal.onabort] : []), ...signal.#listeners.keys()]) {
        if (signal.#listeners.get(listener)) signal.#listeners.delete(listener);
        tell(listener, { type: 'abort', target: signal });
      }
    };
  }
}

/** A signal of the platform's own, which no class that a script has changed stands behind. */
export function newSignal(): AbortSignal {
  return new AbortSignal(key);
}

/** Aborts it, once. Listeners that throw do not keep others from being told. */
export function abortSignal(signal: AbortSignal, reason: unknown): void {
  end(signal, reason);
}

/** `AbortController` as the web has it. */
export class AbortController {
  readonly #signal = newSignal();

  get signal(): AbortSignal {
    return this.#signal;
  }

  abort(reason: unknown = aborted()): void {
    end(this.#signal, reason);
  }
}

/** `AbortSignal.timeout`: its time goes by on the timers of the run, so a resumed run sees it end where it did. */
export function timeoutSignal(timers: Timers, delayMs: number): AbortSignal {
  const signal = newSignal();
  timers.after(delayMs, () => end(signal, new AbortError('The operation was aborted due to timeout', 'TimeoutError', 23)));
  return signal;
}

function aborted(): AbortError {
  return new AbortError('This operation was aborted');
}

function tell(listener: Listener, event: AbortEvent): void {
  try {
    if (typeof listener === 'function') listener.call(event.target, event);
    else listener.handleEvent(event);
  } catch {
    // A listener's failure is the script's own affair.
  }
}
