import { type BudgetChange, budgetKey, type BudgetRef, type BudgetStore } from '../governor.js';
import { emptyBudget } from '../exchange.js';
import type { BudgetState } from 'model';

/** Budgets shared within one process, as far away as a database is. */
export class MemoryStore implements BudgetStore {
  readonly states = new Map<string, BudgetState>();
  private readonly listeners: ((key: string) => void)[] = [];

  constructor(private readonly roundTripMs = 2) {}

  isKnown(budget: BudgetRef): Promise<boolean> {
    const { limits, blockedUntil } = this.states.get(budgetKey(budget)) ?? emptyBudget;
    return Promise.resolve(limits.length > 0 || blockedUntil > Date.now());
  }

  async change<T>(budget: BudgetRef, change: (state: BudgetState, now: number) => BudgetChange<T>): Promise<T> {
    await new Promise((done) => setTimeout(done, this.roundTripMs));
    const key = budgetKey(budget);
    const { state, result, urgent } = change(this.states.get(key) ?? emptyBudget, Date.now());
    // What is stored is JSON, and nothing else survives.
    this.states.set(key, JSON.parse(JSON.stringify(state)) as BudgetState);
    if (urgent) for (const listener of this.listeners) setTimeout(() => listener(key), this.roundTripMs);
    return result;
  }

  follow(onChange: (key: string) => void): Promise<{ close(): Promise<void> }> {
    this.listeners.push(onChange);
    return Promise.resolve({ close: () => Promise.resolve() });
  }
}
