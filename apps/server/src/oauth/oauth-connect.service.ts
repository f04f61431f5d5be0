import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type BrowserConnectionQuery, type ClientOverride, type OAuthSessionDetails, oauthSessionMs } from 'model';
import { type BrowserAccess, BrowserAccessService } from '../browser-auth/browser-access.service.js';
import { queryGroup } from '../browser-auth/query-groups.js';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { requireConfig, withDefaults } from '../connection/authorization.service.js';
import { trimmed } from '../connection/credential-input.js';
import type { StoredIntegration } from '../integration/integration.repository.js';
import { IntegrationService } from '../integration/integration.service.js';
import { AuthorizationRequestService } from './authorization-request.service.js';
import { bindingCookie, type BindingCookie, randomSecret } from './browser-binding.js';
import { OAuthFlows } from './oauth-flows.service.js';

/** What a browser asks for at `/oauth/connect/{key}`; `raw` is the whole query. */
export type ConnectRequest = { integrationKey: string; query: BrowserConnectionQuery; raw: Record<string, unknown> };

/** Where to send the browser, and the cookie that it takes along. */
export type Departure = { url: string; cookie: BindingCookie & { value: string } };

/** Sends browsers to providers (surface 5.3, 5.4). */
@Injectable()
export class OAuthConnectService {
  constructor(
    private readonly access: BrowserAccessService,
    private readonly integrations: IntegrationService,
    private readonly requests: AuthorizationRequestService,
    private readonly flows: OAuthFlows,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** @throws AppError: those of {@link BrowserAccessService.admit} */
  admit({ integrationKey, query, raw }: ConnectRequest): Promise<BrowserAccess> {
    return this.access.admit(integrationKey, query, raw);
  }

  /** @throws OAuthFlowError, AppError: what {@link toOAuthFlowError} makes an end of the flow of */
  async depart({ integrationKey, query, raw }: ConnectRequest, access: BrowserAccess): Promise<Departure> {
    const integration = await this.integrations.require(access.environmentId, integrationKey);
    const connectionConfig = await this.configOf(access, integration);
    const { uuid, redirectUri } = await this.flows.environment(access.environmentId, integrationKey);
    const [state, cookie, id] = [randomSecret(), randomSecret(), randomUUID()];
    const provider = this.integrations.provider(integration);
    const scopes = listOf(String(connectionConfig['oauth_scopes_override'] ?? integration.oauthScopes ?? ''));
    const userScopes = listOf(access.decided.user_scopes ?? query.user_scope ?? '');
    const common = { environmentId: access.environmentId, integration, provider, connectionConfig, redirectUri, scopes };
    const authorizationParams = { ...queryGroup(raw, 'authorization_params'), ...access.decided.authorization_params };
    const client = clientOf(raw);
    const requested = await this.requests.begin({ ...common, environmentUuid: uuid, state, client, userScopes, authorizationParams });
    const { environmentId, connectionId, mayReplace, tags, endUser } = access;
    const details: OAuthSessionDetails = {
      providerConfigKey: integrationKey,
      connectionId,
      mayReplace,
      authMode: provider.auth_mode,
      redirectUri,
      connectionConfig,
      tags,
      endUser,
      scopes: [...scopes, ...userScopes],
      client,
      requiresIssuer: false,
      ...requested.details,
    };
    const session = { id, environmentId, integrationId: integration.id, wsClientId: query.ws_client_id ?? null, details };
    await this.flows.begin(session, { state, cookie }, requested.url, new Date(Date.now() + oauthSessionMs));
    return { url: requested.url, cookie: { ...bindingCookie(this.configuration.serverUrl, id), value: cookie } };
  }

  /** What the provider's URLs need, with the link of the team's own app where the entry names it. */
  private async configOf(access: BrowserAccess, integration: StoredIntegration): Promise<Record<string, unknown>> {
    const provider = this.integrations.provider(integration);
    const app = await this.integrations.credentials(access.environmentId, integration);
    const connectionConfig = withDefaults(provider, trimmed(access.connectionConfig));
    requireConfig(provider, connectionConfig);
    return app?.app_link ? { ...connectionConfig, appPublicLink: app.app_link } : connectionConfig;
  }
}

/** A client, or a refresh token, of the connection's own (surface 5.1). */
function clientOf(raw: Record<string, unknown>): ClientOverride {
  const { oauth_client_id_override: client_id, oauth_client_secret_override: client_secret } = queryGroup(raw, 'credentials');
  return { ...(client_id ? { client_id } : {}), ...(client_secret ? { client_secret } : {}) };
}

/** Scopes are stored and given with commas between them. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
}
