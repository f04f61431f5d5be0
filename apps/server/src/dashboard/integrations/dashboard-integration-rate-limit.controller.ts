import { Body, Delete, Get, Param, Put } from '@nestjs/common';
import { IntegrationRateLimit } from 'model';
import { EnvironmentId } from '../../access/environment-id.decorator.js';
import { IntegrationRateLimitService } from '../../rate-limit/integration-rate-limit.service.js';
import { DashboardController } from '../session/dashboard-route.decorator.js';

type Answer = { setting: IntegrationRateLimit | null };

@DashboardController('integrations/:uniqueKey/rate-limit')
export class DashboardIntegrationRateLimitController {
  constructor(private readonly limits: IntegrationRateLimitService) {}

  @Get()
  async get(@EnvironmentId() environmentId: number, @Param('uniqueKey') uniqueKey: string): Promise<Answer> {
    return { setting: await this.limits.read(environmentId, uniqueKey) };
  }

  @Put()
  async set(
    @EnvironmentId() environmentId: number,
    @Param('uniqueKey') uniqueKey: string,
    @Body({ schema: IntegrationRateLimit }) setting: IntegrationRateLimit,
  ): Promise<Answer> {
    return { setting: await this.limits.set(environmentId, uniqueKey, setting) };
  }

  @Delete()
  async clear(@EnvironmentId() environmentId: number, @Param('uniqueKey') uniqueKey: string): Promise<Answer> {
    return { setting: await this.limits.set(environmentId, uniqueKey, null) };
  }
}
