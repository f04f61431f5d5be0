import { randomUUID } from 'node:crypto';
import { type Admission, anyPlace, budgetKey, type BudgetRef, type BudgetStore, type Governor, type Place } from './governor.js';
import { SharedBudget } from './shared-budget.js';

const mostBudgets = 20_000;

/** A governor whose budgets are shared with other processes through a store. Calls that nothing bounds cost it nothing. */
export class SharedGovernor implements Governor {
  private readonly process = randomUUID();
  private readonly budgets = new Map<string, SharedBudget>();
  private subscription: { close(): Promise<void> } | undefined;

  constructor(private readonly store: BudgetStore) {}

  /** Hears of what other processes find out. */
  async follow(): Promise<void> {
    this.subscription = await this.store.follow((key) => this.budgets.get(key)?.look());
  }

  admit(budgets: readonly BudgetRef[], admission: Admission): Place | Promise<Place> {
    const [first] = budgets;
    if (!first) return anyPlace;
    const place = this.budget(first).admit(first, admission);
    return budgets.length === 1 ? place : this.admitAll(place, budgets.slice(1), admission);
  }

  async close(): Promise<void> {
    for (const budget of this.budgets.values()) budget.close();
    await this.subscription?.close();
  }

  /** One after the other: a place in the first is kept, and counts as used, while the second lets wait. */
  private async admitAll(first: Place | Promise<Place>, rest: readonly BudgetRef[], admission: Admission): Promise<Place> {
    const places = [await first];
    try {
      for (const ref of rest) places.push(await this.budget(ref).admit(ref, admission));
    } catch (error) {
      for (const place of places) place.unused();
      throw error;
    }
    return {
      answered: (answer) => places.forEach((place) => place.answered(answer)),
      failed: () => places.forEach((place) => place.failed()),
      unused: () => places.forEach((place) => place.unused()),
    };
  }

  private budget(ref: BudgetRef): SharedBudget {
    const key = budgetKey(ref);
    const known = this.budgets.get(key);
    if (known) return known;
    if (this.budgets.size >= mostBudgets) this.forgetIdle();
    const made = new SharedBudget(ref, this.store, this.process);
    this.budgets.set(key, made);
    return made;
  }

  private forgetIdle(): void {
    for (const [key, budget] of this.budgets) {
      if (!budget.isIdle) continue;
      budget.close();
      this.budgets.delete(key);
    }
  }
}
