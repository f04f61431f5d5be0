export { workflowBundlePath } from './bundle-path.js';
export type {
  ActionRunInput,
  AsyncActionActivities,
  EventRunInput,
  OrchestratorActivities,
  RunnerActivities,
  SyncExecutionOpening,
  SyncRunInput,
  SyncRunResult,
  WebhookRunInput,
  WebhookRunResult,
} from './activities.js';
export {
  actionActivityId,
  actionWorkflowId,
  eventWorkflowId,
  parseWorkflowRunName,
  queueNames,
  runScriptActivity,
  syncScheduleId,
  webhookWorkflowId,
  workflowRunName,
  workflowTypes,
} from './names.js';
export { nextRunAt, scheduleSpec, type ScheduleInput, type ScheduleTimes } from './schedule-spec.js';
export { actionActivityOptions, priorities } from './script-activity.js';
