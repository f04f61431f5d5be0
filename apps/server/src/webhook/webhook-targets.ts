import { Injectable } from '@nestjs/common';
import { AppError } from 'model';
import { ConfigurationChanges } from '../access/configuration-changes.repository.js';
import { type WebhookTarget, WebhookTargetRepository } from './webhook-target.repository.js';

// Bounds what a missed notification can do: a changed secret takes at most this long to count.
const trustedForMs = 60_000;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The addresses that webhooks are sent to, from memory as long as nothing about them changes. */
@Injectable()
export class WebhookTargets {
  // Only what is there is remembered, so nobody can fill the memory with what is not.
  readonly #known = new Map<string, { target: WebhookTarget; until: number }>();

  constructor(
    private readonly repository: WebhookTargetRepository,
    changes: ConfigurationChanges,
  ) {
    for (const kind of ['environment', 'integration'] as const) changes.on(kind, () => this.#known.clear());
  }

  /** @throws AppError `unknown_environment`, `unknown_provider_config` 404 */
  async require(environmentUuid: string, providerConfigKey: string): Promise<WebhookTarget> {
    const address = `${environmentUuid}/${providerConfigKey}`;
    const known = this.#known.get(address);
    if (known && known.until > Date.now()) return known.target;
    const found = uuid.test(environmentUuid) ? await this.repository.find(environmentUuid, providerConfigKey) : 'unknown_environment';
    if (typeof found === 'string') throw new AppError(found, { message: 'Nothing receives webhooks at this address', status: 404 });
    this.#known.set(address, { target: found, until: Date.now() + trustedForMs });
    return found;
  }
}
