import { Injectable } from '@nestjs/common';
import type { OAuthMessage } from 'model';
import { randomSecret } from './browser-binding.js';
import { OAuthFlows } from './oauth-flows.service.js';
import type { OAuthSession } from './oauth-session.repository.js';

/** An administrator may take this long to install the app. */
const maxWaitMs = 30 * 24 * 3_600_000;

/** Authorisations that wait for an administrator to install the provider's app; the provider's webhook completes them. */
@Injectable()
export class PendingInstallations {
  constructor(private readonly flows: OAuthFlows) {}

  /** Keeps the session; the browser is told that the connection is pending. */
  async wait(session: OAuthSession): Promise<OAuthMessage> {
    const { details, wsClientId } = session;
    await this.flows.wait(session, { state: randomSecret(), cookie: randomSecret() }, new Date(Date.now() + maxWaitMs));
    const message: OAuthMessage = {
      message_type: 'success',
      ...{ provider_config_key: details.providerConfigKey, connection_id: details.connectionId, is_pending: true },
    };
    await this.flows.tell(wsClientId, message);
    return message;
  }
}
