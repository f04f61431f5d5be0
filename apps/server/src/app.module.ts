import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { AccountModule } from './account/account.module.js';
import { ActionModule } from './action/action.module.js';
import type { Configuration } from './configuration.js';
import { BrowserAuthModule } from './browser-auth/browser-auth.module.js';
import { ConnectModule } from './connect/connect.module.js';
import { ConnectionModule } from './connection/connection.module.js';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { DeployModule } from './deploy/deploy.module.js';
import { EnvironmentModule } from './environment/environment.module.js';
import { GeneratedEndpointModule } from './generated-endpoint/generated-endpoint.module.js';
import { IntegrationModule } from './integration/integration.module.js';
import { OAuthModule } from './oauth/oauth.module.js';
import { ProviderModule } from './provider/provider.module.js';
import { ProxyPassModule } from './proxy-pass/proxy-pass.module.js';
import { RateLimitModule } from './rate-limit/rate-limit.module.js';
import { RecordModule } from './record/record.module.js';
import { ScriptModule } from './script/script.module.js';
import { StoreModule } from './store.module.js';
import { SyncModule } from './sync/sync.module.js';
import { WebhookModule } from './webhook/webhook.module.js';

@Module({
  imports: [
    AccessModule,
    AccountModule,
    ActionModule,
    BrowserAuthModule,
    ConnectModule,
    ConnectionModule,
    DashboardModule,
    DeployModule,
    EnvironmentModule,
    GeneratedEndpointModule,
    IntegrationModule,
    OAuthModule,
    ProviderModule,
    ProxyPassModule,
    RateLimitModule,
    RecordModule,
    ScriptModule,
    SyncModule,
    WebhookModule,
  ],
})
export class AppModule {
  static with(configuration: Configuration): DynamicModule {
    return { module: AppModule, imports: [StoreModule.with(configuration)] };
  }
}
