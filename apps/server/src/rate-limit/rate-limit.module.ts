import { Module } from '@nestjs/common';
import { ConnectionModule } from '../connection/connection.module.js';
import { IntegrationModule } from '../integration/integration.module.js';
import { ConnectionRateLimitController } from './connection-rate-limit.controller.js';
import { IntegrationRateLimitController } from './integration-rate-limit.controller.js';
import { IntegrationRateLimitService } from './integration-rate-limit.service.js';
import { RateLimitRepository } from './rate-limit.repository.js';
import { RateLimitService } from './rate-limit.service.js';

@Module({
  imports: [ConnectionModule, IntegrationModule],
  controllers: [ConnectionRateLimitController, IntegrationRateLimitController],
  providers: [RateLimitService, IntegrationRateLimitService, RateLimitRepository],
  exports: [RateLimitService, IntegrationRateLimitService],
})
export class RateLimitModule {}
