// A path of its own: services without Temporal do not load its native library.
export { TemporalWorker, type TemporalWorkerOptions } from './temporal-worker.js';
