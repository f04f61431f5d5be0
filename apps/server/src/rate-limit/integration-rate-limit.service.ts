import { Injectable } from '@nestjs/common';
import type { IntegrationRateLimit } from 'model';
import { IntegrationService } from '../integration/integration.service.js';
import { RateLimitRepository } from './rate-limit.repository.js';

/** What a team says of the limits of an integration's API. @throws AppError `unknown_provider_config`, with 404 */
@Injectable()
export class IntegrationRateLimitService {
  constructor(
    private readonly integrations: IntegrationService,
    private readonly limits: RateLimitRepository,
  ) {}

  async read(environmentId: number, uniqueKey: string): Promise<IntegrationRateLimit | null> {
    return this.limits.integrationSetting(environmentId, await this.idOf(environmentId, uniqueKey));
  }

  /** Null takes back what was set. */
  async set(environmentId: number, uniqueKey: string, setting: IntegrationRateLimit | null): Promise<IntegrationRateLimit | null> {
    await this.limits.setForIntegration(environmentId, await this.idOf(environmentId, uniqueKey), setting);
    return setting;
  }

  private async idOf(environmentId: number, uniqueKey: string): Promise<number> {
    return (await this.integrations.require(environmentId, uniqueKey, 404)).id;
  }
}
