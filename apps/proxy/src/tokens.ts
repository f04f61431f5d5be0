/** Injection token of the process's governor of rate budgets. */
export const GOVERNOR = Symbol('Governor');

/** Injection token of the pool whose commits wait for no disk. */
export const RELAXED_POOL = Symbol('RelaxedPool');

/** Injection token of the way to token endpoints. */
export const SEND_TOKEN_REQUEST = Symbol('SendTokenRequest');
