import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { IntegrationRateLimit } from 'model';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { IntegrationService } from '../integration/integration.service.js';
import { RateLimitService } from './rate-limit.service.js';

type Answer = { data: { setting: IntegrationRateLimit | null } };

@Controller('integrations/:uniqueKey/rate-limit')
export class IntegrationRateLimitController {
  constructor(
    private readonly integrations: IntegrationService,
    private readonly limits: RateLimitService,
  ) {}

  @Get()
  async get(@EnvironmentId() environmentId: number, @Param('uniqueKey') uniqueKey: string): Promise<Answer> {
    return { data: { setting: await this.limits.ofIntegration(environmentId, await this.idOf(environmentId, uniqueKey)) } };
  }

  @Put()
  async set(
    @EnvironmentId() environmentId: number,
    @Param('uniqueKey') uniqueKey: string,
    @Body({ schema: IntegrationRateLimit }) setting: IntegrationRateLimit,
  ): Promise<Answer> {
    return { data: { setting: await this.limits.setForIntegration(environmentId, await this.idOf(environmentId, uniqueKey), setting) } };
  }

  @Delete()
  async clear(@EnvironmentId() environmentId: number, @Param('uniqueKey') uniqueKey: string): Promise<Answer> {
    return { data: { setting: await this.limits.setForIntegration(environmentId, await this.idOf(environmentId, uniqueKey), null) } };
  }

  private async idOf(environmentId: number, uniqueKey: string): Promise<number> {
    return (await this.integrations.require(environmentId, uniqueKey, 404)).id;
  }
}
