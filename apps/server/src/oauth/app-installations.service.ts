import { Inject, Injectable } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { OAuthCallbackService } from './oauth-callback.service.js';
import { OAuthFlows } from './oauth-flows.service.js';

/** An app that was installed at a provider, as its webhook tells. */
export type AppInstallation = { environmentId: number; integrationId: number; installationId: string };

/** Completes connections that waited for an administrator to install the provider's app. */
@Injectable()
export class AppInstallations {
  constructor(
    private readonly flows: OAuthFlows,
    private readonly callbacks: OAuthCallbackService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Of several that wait nobody can tell whose installation it is: then none gets it, and each has to be begun again. */
  async complete({ environmentId, integrationId, installationId }: AppInstallation): Promise<void> {
    const [session, ...others] = await this.flows.awaitingInstallation(environmentId, integrationId);
    if (!session) return;
    if (others.length > 0) return this.logger.warn('oauth.installation_ambiguous', { environmentId, integrationId, waiting: others.length + 1 });
    if (!(await this.flows.remove(session))) return;
    await this.callbacks.completeInstallation(session, installationId);
  }
}
