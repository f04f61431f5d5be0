export type { Broker, LogEntry } from './broker.js';
export { createJailPool, type JailJob, type JailPool, type JailPoolOptions, type RunOutcome } from './jail-pool.js';
