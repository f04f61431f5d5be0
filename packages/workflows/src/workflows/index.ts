export { ActionRunV1 } from './action-run.workflow.js';
export { EventRunV1 } from './event-run.workflow.js';
export { SyncRunV1 } from './sync-run.workflow.js';
export { WebhookRunV1 } from './webhook-run.workflow.js';
