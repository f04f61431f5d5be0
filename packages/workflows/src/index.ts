export { workflowBundlePath } from './bundle-path.js';
export type { ActionRunInput, OrchestratorActivities, RunnerActivities, SyncExecutionOpening, SyncRunInput, SyncRunResult } from './activities.js';
export {
  actionActivityId,
  actionWorkflowId,
  parseWorkflowRunName,
  queueNames,
  runScriptActivity,
  syncScheduleId,
  workflowRunName,
  workflowTypes,
} from './names.js';
export { nextRunAt, scheduleSpec, type ScheduleInput, type ScheduleTimes } from './schedule-spec.js';
export { actionActivityOptions, priorities } from './script-activity.js';
