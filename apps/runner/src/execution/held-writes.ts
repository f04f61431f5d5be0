import { AppError } from 'model';
import type { RecordedCalls } from './recorded-calls.js';

/** A script that waits for nothing but held writes for so long has come to rest. */
const restMs = 2_000;

/**
 * Keeps back a write to the outside that no earlier attempt has made while one that was made has not been repeated: a script
 * that takes another way the second time might otherwise do one thing twice under two names.
 */
export class HeldWrites {
  readonly #recorded: RecordedCalls;
  readonly #isBusy: () => boolean;
  readonly #onStuck: (error: AppError) => void;
  readonly #held = new Map<string, () => void>();
  #timer: NodeJS.Timeout | null = null;

  /** @param isBusy whether an answer is still to come that the script may go on with */
  constructor(recorded: RecordedCalls, isBusy: () => boolean, onStuck: (error: AppError) => void) {
    this.#recorded = recorded;
    this.#isBusy = isBusy;
    this.#onStuck = onStuck;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Resolves when the write may be sent. `what` names it to people. */
  async pass(what: string): Promise<void> {
    if (this.#recorded.unrepeated.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#held.set(what, resolve);
      this.stirred();
    });
  }

  /** The script has asked for something, or was answered. */
  stirred(): void {
    if (this.#held.size === 0) return;
    if (this.#recorded.unrepeated.size === 0) return this.#release();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#judge(), restMs);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #release(): void {
    this.stop();
    for (const release of this.#held.values()) release();
    this.#held.clear();
  }

  #judge(): void {
    if (this.#isBusy()) return this.stirred();
    const [asked] = this.#held.keys();
    const [recorded] = this.#recorded.unrepeated;
    this.#onStuck(
      new AppError('script_not_deterministic', {
        message: `Run again after an interruption, the script did not repeat the call '${recorded}', but asked for '${asked}', which it had not made before. It is not sent`,
        payload: { recorded, asked },
      }),
    );
  }
}
