export type { Beginning } from './begin.js';
export { closeExecution, type EndedExecution, type Ending } from './close.js';
export type { RunningExecution } from './execution-row.js';
export { type ExecutionResult, ExecutionStore, type OpenChildRequest, type Opened, type OpenRequest } from './execution-store.js';
export { executionTokenHash } from './execution-token.js';
export { IntentStore } from './intent-store.js';
export type { SkipReason, SyncCache, SyncOpening } from './open-sync.js';
export { requireGeneration } from './require-generation.js';
export { executionPurposes, openJson, sealJson, type TextSealer } from './sealing.js';
