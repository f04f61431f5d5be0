import { type DynamicModule, Module } from '@nestjs/common';
import { AccessService } from './access/access.service.js';
import { EnvironmentKeyRepository } from './access/environment-key.repository.js';
import { AuditRepository } from './audit/audit.repository.js';
import { AuditService } from './audit/audit.service.js';
import { CallLogRepository } from './call-log/call-log.repository.js';
import { CallLog } from './call-log/call-log.service.js';
import { LoggedCalls } from './call-log/logged-calls.service.js';
import { AuthorizationController } from './authorization/authorization.controller.js';
import { AuthorizationService } from './authorization/authorization.service.js';
import { IntegrationRepository } from './authorization/integration.repository.js';
import { McpAuthorizationService } from './authorization/mcp-authorization.service.js';
import { RegisteredClientRepository } from './authorization/registered-client.repository.js';
import { RevocationService } from './authorization/revocation.service.js';
import { TokenContexts } from './authorization/token-contexts.service.js';
import { CallService } from './call/call.service.js';
import { RefusalCheck } from './call/refusal-check.js';
import { VerificationService } from './call/verification.service.js';
import { ConfigurationListener } from './configuration/configuration-listener.js';
import { ConfigurationRepository } from './configuration/configuration.repository.js';
import { ConnectionController } from './connection/connection.controller.js';
import { ConnectionRepository } from './connection/connection.repository.js';
import { ConnectionService } from './connection/connection.service.js';
import { ConnectionViewService } from './connection/connection-view.service.js';
import { FetchMarks } from './connection/fetch-marks.js';
import { ScriptConnectionService } from './connection/script-connection.service.js';
import { CredentialRefusalRepository } from './connection/credential-refusals.repository.js';
import { CredentialRefusals } from './connection/credential-refusals.service.js';
import { OwnConnection } from './connection/own-connection.js';
import { CredentialRenewal } from './credential/credential-renewal.js';
import { DeliveryController } from './delivery/delivery.controller.js';
import { DeliveryService } from './delivery/delivery.service.js';
import { EnvironmentGuards } from './egress/environment-guard.service.js';
import { ProxyService } from './proxy/proxy.service.js';
import { OutsideWrites } from './script-call/outside-writes.service.js';
import { RecordedReads } from './script-call/recorded-reads.service.js';
import { ScriptCallController } from './script-call/script-call.controller.js';
import { ScriptCallService } from './script-call/script-call.service.js';
import { WayOut } from './way-out/way-out.service.js';

@Module({
  controllers: [ScriptCallController, ConnectionController, DeliveryController, AuthorizationController],
  providers: [
    AccessService,
    AuditService,
    AuditRepository,
    EnvironmentGuards,
    OwnConnection,
    EnvironmentKeyRepository,
    ConfigurationListener,
    ConfigurationRepository,
    ConnectionService,
    ConnectionRepository,
    ConnectionViewService,
    FetchMarks,
    ScriptConnectionService,
    AuthorizationService,
    IntegrationRepository,
    McpAuthorizationService,
    RegisteredClientRepository,
    RevocationService,
    TokenContexts,
    VerificationService,
    RefusalCheck,
    CredentialRefusals,
    CredentialRefusalRepository,
    CallService,
    CallLog,
    LoggedCalls,
    CallLogRepository,
    WayOut,
    ProxyService,
    ScriptCallService,
    RecordedReads,
    OutsideWrites,
    DeliveryService,
    CredentialRenewal,
  ],
})
export class AppModule {
  static with(resources: DynamicModule): DynamicModule {
    return { module: AppModule, imports: [resources] };
  }
}
