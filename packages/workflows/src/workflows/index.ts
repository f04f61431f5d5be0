export { ActionRunV1 } from './action-run.workflow.js';
export { SyncRunV1 } from './sync-run.workflow.js';
