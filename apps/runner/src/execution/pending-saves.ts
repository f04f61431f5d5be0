import { Gate } from './gate.js';

/** How a save is sent: which one it is, and up to which all have committed at the moment of asking. */
export type SaveTurn = { order: number; settled: () => number };

const atOnce = 4;

/** Saves that the script takes for done while they are still on their way: a few at a time, committed in their order. */
export class PendingSaves {
  readonly #onFailure: (error: unknown) => void;
  readonly #gate = new Gate(atOnce);
  readonly #open = new Set<Promise<void>>();
  #last = 0;
  #settled = 0;
  #failed = false;

  /** @param onFailure hears of a save that fails, which is the end of the attempt */
  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Resolves when the save is under way. */
  add(send: (turn: SaveTurn) => Promise<unknown>): Promise<void> {
    return new Promise((underWay) => {
      const order = ++this.#last;
      const save = this.#gate.pass(async () => {
        // What comes after a save that failed is not sent; the script will not hear of it.
        if (this.#failed) return;
        underWay();
        await send({ order, settled: () => this.#settled });
        // They commit in order, so those before it have committed, too.
        this.#settled = Math.max(this.#settled, order);
      });
      const followed: Promise<void> = save.catch((error: unknown) => this.#fail(error)).finally(() => this.#open.delete(followed));
      this.#open.add(followed);
    });
  }

  /** Resolves when everything that was added has committed; never when something of it has failed. */
  async committed(): Promise<void> {
    await this.settled();
    if (this.#failed) await new Promise(() => undefined);
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#onFailure(error);
  }
}
