import { Injectable } from '@nestjs/common';
import { EgressGuard } from 'egress';
import type { EgressSettings } from 'model';
import type { ConfigurationCache } from '../configuration/configuration-cache.js';
import { ConfigurationListener } from '../configuration/configuration-listener.js';
import { EgressRulesRepository } from './egress-rules.repository.js';

type Rules = { environmentId: number; lists: EgressSettings };

/** The guard beneath an environment's own rules, from memory as long as nobody changes them. */
@Injectable()
export class EnvironmentGuards {
  private readonly rules: ConfigurationCache<Rules>;

  constructor(
    private readonly guard: EgressGuard,
    private readonly repository: EgressRulesRepository,
    listener: ConfigurationListener,
  ) {
    this.rules = listener.cache(({ environmentId }) => [`environment:${environmentId}`]);
  }

  /** For what scripts and the holders of keys call: both lists hold. At once where they are known. */
  forCalls(environmentId: number): EgressGuard | Promise<EgressGuard> {
    const rules = this.rulesOf(environmentId);
    return rules instanceof Promise ? rules.then(({ lists }) => this.guard.under(lists)) : this.guard.under(rules.lists);
  }

  /** For where the team's own settings lead (its webhooks): an allow-list of APIs is not about them. */
  async forSettings(environmentId: number): Promise<EgressGuard> {
    const { lists } = await this.rulesOf(environmentId);
    return this.guard.under({ allow: [], deny: lists.deny });
  }

  private rulesOf(environmentId: number): Rules | Promise<Rules> {
    return this.rules.get(String(environmentId), async () => ({ environmentId, lists: await this.repository.find(environmentId) }));
  }
}
