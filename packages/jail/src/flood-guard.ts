/** Messages at once, and per second from then on: far above what the platform's own code in a jail ever sends. */
const burst = 20_000;
const perSecond = 5_000;
/** The platform's code sends a log line for at least so many bytes of the run's log. */
const bytesPerLine = 64;

/** Tells a jail that talks from one that floods. */
export class FloodGuard {
  readonly #capacity: number;
  #left: number;
  #at = performance.now();

  constructor(logBytes: number) {
    this.#capacity = burst + logBytes / bytesPerLine;
    this.#left = this.#capacity;
  }

  /** False from the message on that is too much. */
  pass(): boolean {
    const now = performance.now();
    this.#left = Math.min(this.#capacity, this.#left + ((now - this.#at) / 1_000) * perSecond) - 1;
    this.#at = now;
    return this.#left >= 0;
  }
}
