import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ConnectAccessModule } from '../connect/connect-access.module.js';
import { ConfigurationChanges } from './configuration-changes.repository.js';
import { SecretKeyGuard } from './secret-key.guard.js';
import { SecretKeyRepository } from './secret-key.repository.js';
import { SecretKeyService } from './secret-key.service.js';

@Global()
@Module({
  imports: [ConnectAccessModule],
  providers: [ConfigurationChanges, SecretKeyRepository, SecretKeyService, { provide: APP_GUARD, useClass: SecretKeyGuard }],
  exports: [ConfigurationChanges],
})
export class AccessModule {}
