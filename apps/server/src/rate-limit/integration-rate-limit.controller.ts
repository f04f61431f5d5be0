import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { IntegrationRateLimit } from 'model';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { IntegrationRateLimitService } from './integration-rate-limit.service.js';

type Answer = { data: { setting: IntegrationRateLimit | null } };

@Controller('integrations/:uniqueKey/rate-limit')
export class IntegrationRateLimitController {
  constructor(private readonly limits: IntegrationRateLimitService) {}

  @Get()
  async get(@EnvironmentId() environmentId: number, @Param('uniqueKey') uniqueKey: string): Promise<Answer> {
    return { data: { setting: await this.limits.read(environmentId, uniqueKey) } };
  }

  @Put()
  async set(
    @EnvironmentId() environmentId: number,
    @Param('uniqueKey') uniqueKey: string,
    @Body({ schema: IntegrationRateLimit }) setting: IntegrationRateLimit,
  ): Promise<Answer> {
    return { data: { setting: await this.limits.set(environmentId, uniqueKey, setting) } };
  }

  @Delete()
  async clear(@EnvironmentId() environmentId: number, @Param('uniqueKey') uniqueKey: string): Promise<Answer> {
    return { data: { setting: await this.limits.set(environmentId, uniqueKey, null) } };
  }
}
