const everyMs = 20;

/** How far the process is behind its work: the time for which its event loop has not come round. */
export class LoopLag {
  #lastTick = performance.now();
  #lastLag = 0;

  constructor() {
    setInterval(() => this.#tick(), everyMs).unref();
  }

  /** Of the round under way or the one before, whichever is longer. */
  get ms(): number {
    return Math.max(this.#lastLag, performance.now() - this.#lastTick - everyMs);
  }

  #tick(): void {
    const now = performance.now();
    this.#lastLag = Math.max(0, now - this.#lastTick - everyMs);
    this.#lastTick = now;
  }
}
