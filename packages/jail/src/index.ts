export type { Broker, LogEntry } from './broker.js';
export { createJailPool, type JailPoolOptions } from './jail-pool.js';
export type { JailJob, JailPool, RunOutcome } from './job.js';
export type { JailTier, RunnerDriver } from './driver.js';
export { chooseDriver, type JailChoice } from './probe-drivers.js';
