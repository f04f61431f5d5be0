export { AppError, type AppErrorDetails, ErrorBody, FieldProblem, isAppError } from './app-error.js';
export { type ErrorCode, errorCodes, isErrorCode } from './error-codes.js';
export { Secret } from './secret.js';
export { baseVariant, ConnectionId, ModelName, ProviderConfigKey, ScriptName } from './names.js';
export { ApiKeyCredentials, AuthMode, BasicCredentials, Credentials, OAuth2Credentials, supportedAuthModes } from './credentials.js';
export { Connection, ConnectionProblem, ConnectionSummary, ConnectionWithCredentials, EndUser, Metadata } from './connection.js';
export { LastAction, RecordCounts, RecordMetadata, RecordPage, SaveOperation, ScriptRecord } from './record.js';
export { LogLevel, LogMessage, Operation, OperationKind } from './operation-log.js';
export {
  ConnectionEvent,
  DeployedScript,
  DeployedScriptChange,
  DeployPlan,
  DeployRequest,
  FlowConfig,
  HttpMethod,
  ModelDefinition,
  ModelField,
  OnEventScripts,
  ScriptEndpoint,
  ScriptFile,
  ScriptType,
  SyncType,
} from './deploy.js';
export { RunKind, SyncWebhook, WebhookSettings } from './webhook.js';
export { SyncStatus } from './sync-status.js';
export { StackFile } from './stack-file.js';
export { defaultLimits, ExecutionLimits, JailReuse, LimitOverrides, limitsOf, ScriptSettings } from './internal/execution-limits.js';
export { JailReport } from './internal/jail-report.js';
export {
  BeginAnswer,
  BeginRequest,
  ChildAnswer,
  ChildRequest,
  ExecutionError,
  ExecutionKind,
  ExecutionStatus,
  FinishAnswer,
  FinishRequest,
  LogRequest,
  openStatuses,
  SaveAnswer,
  SaveHead,
  ScriptContext,
} from './internal/execution.js';
export { CallId, TapePiece } from './internal/journal.js';
export {
  EnvironmentVariables,
  type PlatformAnswer,
  type PlatformArgs,
  PlatformCall,
  platformCalls,
  PlatformMethod,
  PlatformReply,
  PlatformRequest,
} from './internal/platform-call.js';
export { CallAnswer, callHeader, ConnectionRequest, DeliveryAnswer, DeliveryRequest, ScriptCall } from './internal/proxy.js';
export { channels, ServiceRole } from './internal/service-role.js';
export { RunOptions, SyncState } from './internal/schedule-state.js';
export { EnvironmentSettings, EnvironmentSettingsPatch, WebhookSettingsPatch } from './environment.js';
export { ActionRequest, AsyncActionAnswer } from './action-request.js';
export { LegacyRecordsQuery, RecordsQuery } from './records-query.js';
export { ActionTool, IntegrationScripts, ScriptConfig, ScriptsConfigQuery } from './scripts-config.js';
export { SyncCommand, SyncFrequencyUpdate, SyncName, SyncStatusQuery, SyncTrigger } from './sync-command.js';
export { Integration, IntegrationConfig, IntegrationCredentials, IntegrationPatch, IntegrationWithSecrets, NewIntegration } from './integration.js';
export { ConnectionImport, ConnectionListQuery, ConnectionPatch, GivenCredentials, MetadataChange, NewConnection, Tags } from './connection-request.js';
export { BrowserConnection, BrowserConnectionQuery, PastedApiKey, PastedBasic } from './browser-auth.js';
export {
  connectSessionMs,
  ConnectSessionDetails,
  connectSessionPrefix,
  NewConnectSession,
  NewReconnectSession,
  OpenedConnectSession,
} from './connect-session.js';
