type Listener = (event: { type: 'abort' }) => void;

/** As much of `AbortSignal` as scripts use: `nango.abortSignal`. */
export class AbortSignal {
  aborted = false;
  reason: unknown = undefined;
  onabort: Listener | null = null;
  readonly #listeners = new Set<Listener>();

  addEventListener(type: string, listener: Listener): void {
    if (type === 'abort') this.#listeners.add(listener);
  }

  removeEventListener(_type: string, listener: Listener): void {
    this.#listeners.delete(listener);
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  /** Listeners that throw do not keep others from being told. */
  static abort(signal: AbortSignal, reason: Error): void {
    signal.aborted = true;
    signal.reason = reason;
    for (const listener of [...signal.#listeners, ...(signal.onabort ? [signal.onabort] : [])]) {
      try {
        listener({ type: 'abort' });
      } catch {
        // A listener's failure is the script's own affair.
      }
    }
  }
}
