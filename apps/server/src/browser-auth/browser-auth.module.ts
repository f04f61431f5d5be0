import { Module } from '@nestjs/common';
import { ConnectAccessModule } from '../connect/connect-access.module.js';
import { ConnectionModule } from '../connection/connection.module.js';
import { BrowserAuthController } from './browser-auth.controller.js';
import { BrowserAuthService } from './browser-auth.service.js';
import { PublicKeyRepository } from './public-key.repository.js';

@Module({ imports: [ConnectAccessModule, ConnectionModule], controllers: [BrowserAuthController], providers: [BrowserAuthService, PublicKeyRepository] })
export class BrowserAuthModule {}
