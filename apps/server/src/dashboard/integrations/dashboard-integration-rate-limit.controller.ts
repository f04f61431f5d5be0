import { Body, Delete, Get, Param, Put } from '@nestjs/common';
import { IntegrationRateLimit } from 'model';
import { EnvironmentId } from '../../access/environment-id.decorator.js';
import { IntegrationService } from '../../integration/integration.service.js';
import { RateLimitService } from '../../rate-limit/rate-limit.service.js';
import { DashboardController } from '../session/dashboard-route.decorator.js';

type Answer = { setting: IntegrationRateLimit | null };

@DashboardController('integrations/:uniqueKey/rate-limit')
export class DashboardIntegrationRateLimitController {
  constructor(
    private readonly integrations: IntegrationService,
    private readonly limits: RateLimitService,
  ) {}

  @Get()
  async get(@EnvironmentId() environmentId: number, @Param('uniqueKey') uniqueKey: string): Promise<Answer> {
    const { id } = await this.integrations.require(environmentId, uniqueKey, 404);
    return { setting: await this.limits.ofIntegration(environmentId, id) };
  }

  @Put()
  async set(
    @EnvironmentId() environmentId: number,
    @Param('uniqueKey') uniqueKey: string,
    @Body({ schema: IntegrationRateLimit }) setting: IntegrationRateLimit,
  ): Promise<Answer> {
    const { id } = await this.integrations.require(environmentId, uniqueKey, 404);
    return { setting: await this.limits.setForIntegration(environmentId, id, setting) };
  }

  @Delete()
  async clear(@EnvironmentId() environmentId: number, @Param('uniqueKey') uniqueKey: string): Promise<Answer> {
    const { id } = await this.integrations.require(environmentId, uniqueKey, 404);
    return { setting: await this.limits.setForIntegration(environmentId, id, null) };
  }
}
