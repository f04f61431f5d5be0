/** Injection token of the process's governor of rate budgets. */
export const GOVERNOR = Symbol('Governor');
