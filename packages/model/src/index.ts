export { AppError, type AppErrorDetails, ErrorBody, FieldProblem, isAppError } from './app-error.js';
export { type ErrorCode, errorCodes, isErrorCode } from './error-codes.js';
export { Secret } from './secret.js';
export { shownModel, storedModel } from './stored-model.js';
export { baseVariant, ConnectionId, ModelName, ProviderConfigKey, ScriptName } from './names.js';
export { ApiKeyCredentials, AuthMode, BasicCredentials, Credentials } from './credentials.js';
export {
  AppCredentials,
  AppStoreCredentials,
  BillCredentials,
  ClientCredentials,
  CustomCredentials,
  JwtCredentials,
  McpAuthorizationServer,
  McpCredentials,
  OAuth2Credentials,
  SignatureCredentials,
  TableauCredentials,
  TwoStepCredentials,
} from './token-credentials.js';
export { withoutRefreshToken } from './without-refresh-token.js';
export { AppKey, ConnectionScopes, OAuthErrorType, OAuthMessage, OAuthProgress, OAuthSessionDetails, oauthSessionMs } from './oauth-flow.js';
export { AwsCredentials, OAuth1Credentials, TbaCredentials } from './signing-credentials.js';
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
  ModelChangeEntry,
  ModelField,
  OnEventScripts,
  ScriptEndpoint,
  ScriptFile,
  ScriptType,
  SyncType,
  maxDescriptionLength,
} from './deploy.js';
export { type RunFacts, type SyncFacts, syncWebhooks } from './sync-webhooks.js';
export { AsyncActionWebhook, AuthWebhook, RunKind, SyncWebhook, WebhookSettings } from './webhook.js';
export { Checkpoint, CheckpointRange } from './checkpoint.js';
export { SyncVariant, SyncVariantPlace } from './sync-variant.js';
export { SkippedSlot, SyncStatus } from './sync-status.js';
export { StackFile } from './stack-file.js';
export { defaultLimits, ExecutionLimits, JailReuse, JailSettings, JailSettingsPatch, LimitOverrides, limitsOf } from './internal/execution-limits.js';
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
  ParkRequest,
  RunAnswer,
  SaveAnswer,
  SaveHead,
  ScriptContext,
} from './internal/execution.js';
export { BudgetScope, BudgetState, Demand, Limit, LimitSource, priorities, Priority, Refused, Slice } from './internal/rate-budget.js';
export { ConnectionRateLimit, IntegrationRateLimit, RateBudget, RateLimitSetting, RateLimitState } from './rate-limit.js';
export { CallId, JournalHead, JournalQuery, TapePiece } from './internal/journal.js';
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
export {
  CallAnswer,
  callHeader,
  CallReply,
  ConnectionRequest,
  DeliveryAnswer,
  DeliveryRequest,
  Parked,
  plainConnectionUrl,
  ScriptCall,
  TimeoutMs,
} from './internal/proxy.js';
export { ConnectionMatch, InboxWebhook, SealedDelivery, WebhookDelivery } from './internal/webhook-inbox.js';
export { channels, ServiceRole } from './internal/service-role.js';
export { RunOptions, SyncState } from './internal/schedule-state.js';
export { EnvironmentSettings, EnvironmentSettingsPatch, RecordSettings, RecordSettingsPatch, WebhookSettingsPatch } from './environment.js';
export { ConnectSettings, ConnectSettingsPatch } from './connect-settings.js';
export { EgressEntry, EgressSettings, EgressSettingsPatch } from './egress-settings.js';
export { CallLogSettings, CallLogSettingsPatch } from './call-log.js';
export { ScriptSettings, ScriptSettingsPatch } from './script-settings.js';
export { ActionRequest, AsyncActionAnswer } from './action-request.js';
export { DeletionDecision, DeletionVerdict, HoldReason, RecordDeletion, RecordDeletionQuery, RecordDeletionState, UndoneDeletion } from './record-deletion.js';
export { LegacyRecordsQuery, PrunedRecords, PruneRecords, RecordsQuery } from './records-query.js';
export { ActionTool, IntegrationScripts, ScriptConfig, ScriptsConfigQuery } from './scripts-config.js';
export { runOptionsOf, SyncCommand, SyncFrequencyUpdate, SyncName, SyncStatusQuery, SyncTrigger } from './sync-command.js';
export {
  Integration,
  IntegrationConfig,
  IntegrationConfigValues,
  IntegrationCredentials,
  IntegrationPatch,
  IntegrationWithSecrets,
  NewIntegration,
  ShownIntegrationCredentials,
} from './integration.js';
export { ConnectionImport, ConnectionListQuery, ConnectionPatch, GivenCredentials, MetadataChange, NewConnection, Tags } from './connection-request.js';
export { BrowserConnection, BrowserConnectionQuery, maxCredentialLength, PastedCredential } from './browser-auth.js';
export {
  Authorization,
  AuthorizationExchange,
  AuthorizationGrant,
  AuthorizationRequest,
  ClientOverride,
  McpDiscovery,
  McpDiscoveryRequest,
  OAuth1RequestToken,
  RequestTokenRequest,
  Revocation,
  RevocationRequest,
} from './internal/authorization.js';
export {
  connectSessionMs,
  ConnectSessionDetails,
  connectSessionPrefix,
  NewConnectSession,
  NewReconnectSession,
  OpenedConnectSession,
} from './connect-session.js';
export { Recent } from './recent.js';
