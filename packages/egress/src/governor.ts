import type { RetryAnswer } from './retry.js';

/** Shares one rate budget per connection among everything that calls its API. */
export type Governor = {
  /** Waits for a place in the budget of `key`; nothing when there is one at once. */
  admit(key: string, signal?: AbortSignal): Promise<void> | undefined;
  /** Learns the budget from what an answer says about it. */
  learn(key: string, answer: RetryAnswer): void;
};

/** A governor that lets everything through at once. */
export const openGovernor: Governor = { admit: () => undefined, learn: () => undefined };
