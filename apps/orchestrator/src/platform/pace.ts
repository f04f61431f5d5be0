import { setTimeout as wait } from 'node:timers/promises';

/** Lets so many pass a second, and after a quiet time a burst of them at once; the others wait for their turn. */
export class Pace {
  readonly #gapMs: number;
  readonly #burstMs: number;
  #next = 0;

  constructor({ perSecond, burst }: { perSecond: number; burst: number }) {
    this.#gapMs = 1_000 / perSecond;
    this.#burstMs = burst * this.#gapMs;
  }

  async turn(): Promise<void> {
    const now = Date.now();
    this.#next = Math.max(this.#next, now - this.#burstMs) + this.#gapMs;
    if (this.#next > now) await wait(this.#next - now);
  }
}
