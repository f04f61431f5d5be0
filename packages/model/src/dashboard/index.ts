// What the dashboard's own API (`/api/v1`, session cookie, `?env=<name>`) takes and gives. Routes stand in each docstring.
export { DashboardSession, SignIn } from './session.js';
export {
  DashboardIntegration,
  DashboardIntegrationApp,
  DashboardIntegrationDetail,
  DashboardIntegrationPatch,
  DashboardProvider,
  DashboardScript,
} from './integrations.js';
export { DashboardConnection, DashboardConnectionDetail, DashboardConnectSession, DeletedDashboardConnection, NewDashboardConnection } from './connections.js';
export { DashboardSyncFrequency, DashboardSyncTrigger } from './syncs.js';
export { OperationDetail, OperationPage } from './operations.js';
export { DashboardEnvironment, DashboardRunner, DashboardVariables } from './environment.js';
