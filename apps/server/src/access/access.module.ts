import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ConfigurationChanges } from './configuration-changes.repository.js';
import { SecretKeyGuard } from './secret-key.guard.js';
import { SecretKeyRepository } from './secret-key.repository.js';
import { SecretKeyService } from './secret-key.service.js';

@Global()
@Module({
  providers: [ConfigurationChanges, SecretKeyRepository, SecretKeyService, { provide: APP_GUARD, useClass: SecretKeyGuard }],
  exports: [ConfigurationChanges],
})
export class AccessModule {}
