import { Module } from '@nestjs/common';
import { AccountModule } from '../account/account.module.js';
import { CancellationModule } from '../cancellation/cancellation.module.js';
import { ConnectModule } from '../connect/connect.module.js';
import { ConnectionModule } from '../connection/connection.module.js';
import { EnvironmentModule } from '../environment/environment.module.js';
import { IntegrationModule } from '../integration/integration.module.js';
import { ProviderModule } from '../provider/provider.module.js';
import { RateLimitModule } from '../rate-limit/rate-limit.module.js';
import { RecordModule } from '../record/record.module.js';
import { ScriptModule } from '../script/script.module.js';
import { SyncModule } from '../sync/sync.module.js';
import { DashboardConnectSessionController } from './connections/dashboard-connect-session.controller.js';
import { DashboardConnectSessionService } from './connections/dashboard-connect-session.service.js';
import { DashboardConnectionController } from './connections/dashboard-connection.controller.js';
import { DashboardConnectionRepository } from './connections/dashboard-connection.repository.js';
import { DashboardConnectionService } from './connections/dashboard-connection.service.js';
import { DashboardDeletionController } from './connections/dashboard-deletion.controller.js';
import { DashboardRateLimitController } from './connections/dashboard-rate-limit.controller.js';
import { DashboardSyncController } from './connections/dashboard-sync.controller.js';
import { DashboardSyncService } from './connections/dashboard-sync.service.js';
import { DashboardIntegrationController } from './integrations/dashboard-integration.controller.js';
import { DashboardIntegrationRepository } from './integrations/dashboard-integration.repository.js';
import { DashboardIntegrationService } from './integrations/dashboard-integration.service.js';
import { DashboardIntegrationRateLimitController } from './integrations/dashboard-integration-rate-limit.controller.js';
import { DashboardProviderController } from './integrations/dashboard-provider.controller.js';
import { OperationController } from './operations/operation.controller.js';
import { OperationRepository } from './operations/operation.repository.js';
import { SessionController } from './session/session.controller.js';
import { SessionRepository } from './session/session.repository.js';
import { SessionService } from './session/session.service.js';
import { DashboardEnvironmentController } from './settings/dashboard-environment.controller.js';

@Module({
  imports: [
    AccountModule,
    CancellationModule,
    ConnectModule,
    ConnectionModule,
    EnvironmentModule,
    IntegrationModule,
    ProviderModule,
    RateLimitModule,
    RecordModule,
    ScriptModule,
    SyncModule,
  ],
  controllers: [
    SessionController,
    DashboardIntegrationController,
    DashboardIntegrationRateLimitController,
    DashboardProviderController,
    DashboardConnectionController,
    DashboardConnectSessionController,
    DashboardRateLimitController,
    DashboardSyncController,
    DashboardDeletionController,
    OperationController,
    DashboardEnvironmentController,
  ],
  providers: [
    SessionService,
    SessionRepository,
    DashboardIntegrationService,
    DashboardIntegrationRepository,
    DashboardConnectionService,
    DashboardConnectSessionService,
    DashboardConnectionRepository,
    DashboardSyncService,
    OperationRepository,
  ],
})
export class DashboardModule {}
