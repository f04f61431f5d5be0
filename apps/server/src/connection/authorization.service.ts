import { Injectable } from '@nestjs/common';
import { AppError, type Authorization, type AuthorizationGrant, type ClientOverride, type ConnectionScopes } from 'model';
import { checkFields, type Provider } from 'providers';
import type { StoredIntegration } from '../integration/integration.repository.js';
import { IntegrationService } from '../integration/integration.service.js';
import { ProxyClient } from '../proxy-pass/proxy-client.js';

/** What a credential is asked for with, and the values that the provider's URLs need. */
export type NewAuthorization = {
  environmentId: number;
  integration: StoredIntegration;
  connectionConfig: Record<string, unknown>;
  grant: AuthorizationGrant;
  client?: ClientOverride | undefined;
  /** Scopes that were asked for. */
  scopes?: string[] | undefined;
};

/** A credential that is ready to be kept, the connection's config with what the provider's answer adds, and the scopes where both sides named some. */
export type Authorized = Omit<Authorization, 'grantedScopes' | 'connectionConfig'> & {
  connectionConfig: Record<string, unknown>;
  scopes?: ConnectionScopes | undefined;
};

/** Gets credentials and tries them before they are kept. Only the proxy may reach the provider for that. */
@Injectable()
export class AuthorizationService {
  constructor(
    private readonly integrations: IntegrationService,
    private readonly proxy: ProxyClient,
  ) {}

  /**
   * @throws AppError `invalid_connection_config`; `token_request_failed` when the provider gives no token, `connection_test_failed` when its
   * verification endpoint refuses the credential, both with its own words
   */
  async authorize({ environmentId, integration, connectionConfig, grant, client, scopes }: NewAuthorization): Promise<Authorized> {
    const provider = this.integrations.provider(integration);
    requireConfig(provider, connectionConfig);
    if (grant.kind === 'whole' && !provider.proxy?.verification)
      return { credentials: grant.credentials, connectionConfig: withDefaults(provider, connectionConfig), exchanges: [] };
    const request = { environmentId, providerConfigKey: integration.uniqueKey, connectionConfig: withDefaults(provider, connectionConfig), grant, client };
    const { grantedScopes, ...authorized } = await this.proxy.authorize({ ...request, verify: true });
    return {
      ...authorized,
      connectionConfig: { ...request.connectionConfig, ...authorized.connectionConfig },
      ...(grantedScopes && scopes ? { scopes: { requested: scopes, granted: grantedScopes } } : {}),
    };
  }
}

/** @throws AppError `invalid_connection_config` naming each value that is missing or of another form than the catalogue says */
export function requireConfig(provider: Provider, connectionConfig: Record<string, unknown>): void {
  const problems = checkFields(provider.connection_config ?? {}, connectionConfig, ['connection_config']);
  if (problems[0]) throw new AppError('invalid_connection_config', { message: problems[0].message, errors: problems });
}

/** Values of fields that were left out and have one. */
export function withDefaults({ connection_config = {} }: Provider, values: Record<string, unknown>): Record<string, unknown> {
  const defaults = Object.entries(connection_config).flatMap(([name, { default_value }]) => (default_value === undefined ? [] : [[name, default_value]]));
  return { ...Object.fromEntries(defaults), ...values };
}
