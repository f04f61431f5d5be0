import { Injectable } from '@nestjs/common';
import type { AuthMode, AuthorizationGrant, BrowserConnection } from 'model';
import { AuthorizationService } from '../connection/authorization.service.js';
import { BrowserConnectionService } from '../connection/browser-connection.service.js';
import { wrongMode } from '../connection/connection-import.service.js';
import { type CredentialFields, grantFrom, isInstalled, trimmed } from '../connection/credential-input.js';
import { IntegrationService } from '../integration/integration.service.js';
import type { BrowserAccess } from './browser-access.service.js';

/** Connections that end users make by pasting a credential. */
@Injectable()
export class BrowserAuthService {
  constructor(
    private readonly integrations: IntegrationService,
    private readonly authorizations: AuthorizationService,
    private readonly connections: BrowserConnectionService,
  ) {}

  /**
   * @param mode of the route; several modes may share one
   * @throws AppError `unknown_provider_config`, `wrong_auth_mode`, `invalid_connection_config`, `invalid_credential_format`,
   * `token_request_failed`, `connection_test_failed`, `connection_validation_failed`
   */
  async connect(access: BrowserAccess, modes: readonly AuthMode[], pasted: CredentialFields): Promise<BrowserConnection> {
    const { environmentId, integrationKey, connectionId } = access;
    const integration = await this.integrations.require(environmentId, integrationKey);
    const mode = this.integrations.authMode(integration);
    if (!modes.includes(mode)) throw wrongMode(mode, modes.join(' or '));
    const { type: _, ...fields } = trimmed(pasted);
    const grant: AuthorizationGrant = isInstalled(mode)
      ? { kind: 'installation', installationId: String(fields['installation_id'] ?? '') }
      : grantFrom(mode, this.integrations.provider(integration), fields);
    const { connectionConfig, tags, endUser, mayReplace } = access;
    const authorized = await this.authorizations.authorize({ environmentId, integration, connectionConfig: trimmed(connectionConfig), grant });
    const { exchanges: __, ...kept } = authorized;
    const connection = await this.connections.keep(environmentId, { ...kept, integrationKey, connectionId, tags, endUser, mayReplace });
    return { providerConfigKey: connection.provider_config_key, connectionId };
  }
}
