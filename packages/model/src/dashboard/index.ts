// What the dashboard's own API (`/api/v1`, session cookie, `?env=<name>`) takes and gives. Routes stand in each docstring.
export { DashboardSession, SignIn } from './session.js';
export { DashboardIntegration, DashboardIntegrationDetail, DashboardProvider, DashboardScript, NewDashboardIntegration } from './integrations.js';
export { DashboardConnection, DashboardConnectionDetail, NewDashboardConnection } from './connections.js';
export { OperationDetail, OperationPage } from './operations.js';
export { DashboardEnvironment, DashboardJail, DashboardScriptsPatch, DashboardVariables } from './environment.js';
