import type { openPool } from 'database';

/** The process's pool, for hand-written SQL; injected under `POOL`. */
export type Pool = ReturnType<typeof openPool>;
