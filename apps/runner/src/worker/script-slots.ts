import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';

type Waiting = { grant: () => void };

/**
 * Slots for tasks off the queue, as Temporal's worker asks for them: as many as scripts may run at once. A task whose
 * environment has taken its places waits without a slot, so that it stands in nobody else's way.
 */
export class ScriptSlots implements CustomSlotSupplier<ActivitySlotInfo> {
  readonly type = 'custom';
  readonly #waiting: Waiting[] = [];
  #free: number;

  constructor(slots: number) {
    this.#free = slots;
  }

  async reserveSlot(_: unknown, signal: AbortSignal): Promise<SlotPermit> {
    if (this.#free > 0) return this.#take();
    return new Promise((resolve, reject) => {
      const waiting = {
        grant: () => {
          signal.removeEventListener('abort', giveUp);
          resolve(this.#take());
        },
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        // The SDK takes its own reason for an answer to its own question, and anything else for a failure.
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiting);
    });
  }

  tryReserveSlot(): SlotPermit | null {
    return this.#free > 0 ? this.#take() : null;
  }

  markSlotUsed(): void {
    // A slot counts from its reservation on.
  }

  releaseSlot(): void {
    this.lend(1);
  }

  /** Frees the slot of a task that waits (1), or takes one for it again (-1), for a moment more than there are if need be. */
  lend(change: 1 | -1): void {
    this.#free += change;
    while (this.#free > 0 && this.#waiting.length > 0) this.#waiting.shift()?.grant();
  }

  #take(): SlotPermit {
    this.#free -= 1;
    return {};
  }
}
