import type { BudgetScope, BudgetState, Priority } from 'model';
import type { RetryAnswer, RetryHeader } from '../retry.js';
import type { StatedLimit } from './limit.js';
import type { LimitHeaders } from './limit-headers.js';

/** Which budget: what an API counts together, and what is stated of it beforehand. */
export type BudgetRef = {
  environmentId: number;
  scope: BudgetScope;
  id: number;
  stated: readonly StatedLimit[];
  /** Headers of the provider's own that tell of a limit. */
  headers?: readonly LimitHeaders[] | undefined;
  /** The provider's headers that say how long to wait after a refusal, beside Retry-After. */
  waits?: RetryHeader | undefined;
  /** Whether what answers say is learned for this budget. */
  learns: boolean;
};

/**
 * How a call asks for a place. `longestWaitMs`: what takes longer is not waited for; null waits however long it takes. `since`: when it
 * came, if it has waited before (by this process's clock), which gives it its turn.
 */
export type Admission = { priority: Priority; longestWaitMs: number | null; signal: AbortSignal; since?: number | undefined };

/** A place in a budget, to be told how the call ended, exactly once: `unused` when nothing was sent, and somebody else may have it. */
export type Place = { answered(answer: RetryAnswer): void; failed(): void; unused(): void };

/** Shares one rate budget per connection among everything that calls its API. */
export type Governor = {
  /**
   * A place in every one of the budgets: at once where there is one, else a promise of it.
   * @throws LongWait, also as a rejection, where it would take longer than the call waits
   */
  admit(budgets: readonly BudgetRef[], admission: Admission): Place | Promise<Place>;
  close(): Promise<void>;
};

/** Thrown instead of waiting long for a place. Nothing was sent. */
export class LongWait extends Error {
  constructor(readonly until: Date) {
    super('The rate budget of this API is used up');
    this.name = 'LongWait';
  }
}

/** A place where nothing is bounded. */
export const anyPlace: Place = { answered: () => undefined, failed: () => undefined, unused: () => undefined };

/** A governor that lets everything through at once. */
export const openGovernor: Governor = { admit: () => anyPlace, close: () => Promise.resolve() };

/** What a change of a shared budget came to, and whether other processes should look at it at once. */
export type BudgetChange<T> = { state: BudgetState; result: T; urgent: boolean };

/** Where budgets are shared. Times are those of the store's clock, in milliseconds. */
export type BudgetStore = {
  /** Whether anything is known of a budget that bounds its calls. */
  isKnown(budget: BudgetRef): Promise<boolean>;
  /** Makes one change after the other, all processes taken together: `change` may be asked again when somebody else was faster. */
  change<T>(budget: BudgetRef, change: (state: BudgetState, now: number) => BudgetChange<T>): Promise<T>;
  /** Hears of budgets, by {@link budgetKey}, that another process has found something out about. */
  follow(onChange: (key: string) => void): Promise<{ close(): Promise<void> }>;
};

export const budgetKey = ({ scope, id }: Pick<BudgetRef, 'scope' | 'id'>): string => `${scope}:${id}`;
