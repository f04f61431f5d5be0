import { Module } from '@nestjs/common';
import { BrowserAuthModule } from '../browser-auth/browser-auth.module.js';
import { ConnectionModule } from '../connection/connection.module.js';
import { EnvironmentModule } from '../environment/environment.module.js';
import { IntegrationModule } from '../integration/integration.module.js';
import { ProxyPassModule } from '../proxy-pass/proxy-pass.module.js';
import { AppInstallations } from './app-installations.service.js';
import { AuthorizationRequestService } from './authorization-request.service.js';
import { ClientMetadataController } from './client-metadata.controller.js';
import { ClientMetadataRepository } from './client-metadata.repository.js';
import { OAuthCallbackService } from './oauth-callback.service.js';
import { OAuthConnectService } from './oauth-connect.service.js';
import { OAuthFlows } from './oauth-flows.service.js';
import { OAuthLogRepository } from './oauth-log.repository.js';
import { OAuthResultRepository } from './oauth-result.repository.js';
import { OAuthSessionRepository } from './oauth-session.repository.js';
import { OAuthSockets } from './oauth-sockets.repository.js';
import { OAuthController } from './oauth.controller.js';

@Module({
  imports: [BrowserAuthModule, ConnectionModule, EnvironmentModule, IntegrationModule, ProxyPassModule],
  controllers: [OAuthController, ClientMetadataController],
  providers: [
    AppInstallations,
    AuthorizationRequestService,
    ClientMetadataRepository,
    OAuthCallbackService,
    OAuthConnectService,
    OAuthFlows,
    OAuthLogRepository,
    OAuthResultRepository,
    OAuthSessionRepository,
    OAuthSockets,
  ],
  exports: [AppInstallations, OAuthSockets],
})
export class OAuthModule {}
