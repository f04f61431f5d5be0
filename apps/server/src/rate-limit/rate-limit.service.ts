import { Injectable } from '@nestjs/common';
import type { ConnectionRateLimit, RateLimitSetting } from 'model';
import { toBudget } from './rate-budget-answer.js';
import { RateLimitRepository } from './rate-limit.repository.js';

/** How many calls the APIs of connections let through: what the team says, and what the proxies know. Ids are those of rows that are there. */
@Injectable()
export class RateLimitService {
  constructor(private readonly limits: RateLimitRepository) {}

  async ofConnection(environmentId: number, id: number): Promise<ConnectionRateLimit> {
    const { setting, integrationSetting, integrationId } = await this.limits.settings(environmentId, id);
    const budgets = await this.limits.budgets(environmentId, [
      { scope: 'connection', ownerId: id },
      { scope: 'integration', ownerId: integrationId },
    ]);
    return { setting, integration_setting: integrationSetting, budgets: budgets.map((budget) => toBudget(budget, Date.now())) };
  }

  async setForConnection(environmentId: number, id: number, setting: RateLimitSetting | null): Promise<ConnectionRateLimit> {
    await this.limits.setForConnection(environmentId, id, setting);
    return this.ofConnection(environmentId, id);
  }
}
