import { Inject, Injectable } from '@nestjs/common';
import { authorizationUrl, oauth1AuthorizationUrl, pkce } from 'authorization';
import { AppError, type ClientOverride, type OAuthSessionDetails } from 'model';
import { buildUrl, needsOAuthClient, type Provider, type ProviderUrl } from 'providers';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import type { StoredIntegration } from '../integration/integration.repository.js';
import { IntegrationService } from '../integration/integration.service.js';
import { ProxyClient } from '../proxy-pass/proxy-client.js';
import { clientMetadataUrl } from './client-metadata.js';
import { OAuthFlowError } from './oauth-error.js';

/** An authorisation that is about to be asked for. */
export type AuthorizationAsked = {
  environmentId: number;
  environmentUuid: string;
  integration: StoredIntegration;
  provider: Provider;
  connectionConfig: Record<string, unknown>;
  redirectUri: string;
  state: string;
  /** A client of the connection's own instead of the integration's. */
  client: ClientOverride;
  scopes: string[];
  userScopes: string[];
  authorizationParams: Record<string, string>;
};

/** Where to send the browser, and what the callback needs to know of it. */
export type AuthorizationRequested = {
  url: string;
  details: Partial<
    Pick<OAuthSessionDetails, 'codeVerifier' | 'requestToken' | 'client' | 'issuer' | 'requiresIssuer' | 'authorizationOrigin' | 'server' | 'scopes'>
  >;
};

/** The first step of each auth mode that goes over the provider's pages. */
@Injectable()
export class AuthorizationRequestService {
  constructor(
    private readonly integrations: IntegrationService,
    private readonly proxy: ProxyClient,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** @throws OAuthFlowError `provider_config_err`, `grant_type_err`, `url_param_err`, `auth_mode_err`; AppError as the proxy refused */
  async begin(asked: AuthorizationAsked): Promise<AuthorizationRequested> {
    const { provider, integration, client } = asked;
    if (needsOAuthClient(provider.auth_mode) && !(client.client_id ?? integration.oauthClientId))
      throw new OAuthFlowError(
        'provider_config_err',
        `The integration '${integration.uniqueKey}' lacks the client id of an app registered at ${provider.display_name}.`,
      );
    switch (provider.auth_mode) {
      case 'OAUTH2':
        return this.oauth2(asked);
      case 'OAUTH1':
        return this.oauth1(asked);
      case 'APP':
      case 'CUSTOM':
        return this.installation(asked);
      case 'MCP_OAUTH2':
      case 'MCP_OAUTH2_GENERIC':
        return this.mcp(asked);
      default:
        throw new OAuthFlowError('auth_mode_err', `${provider.display_name} authorises with ${provider.auth_mode}, which needs no popup.`);
    }
  }

  private async oauth2(asked: AuthorizationAsked): Promise<AuthorizationRequested> {
    const { provider } = asked;
    const grantType = provider.token_params?.['grant_type'] ?? 'authorization_code';
    if (grantType !== 'authorization_code')
      throw new OAuthFlowError('grant_type_err', `${provider.display_name} gives tokens by '${String(grantType)}', which needs no popup.`);
    const { codeVerifier, codeChallenge } = provider.disable_pkce ? {} : await pkce();
    const url = urlOf(authorizationUrl({ ...this.addressed(asked), codeChallenge }), provider);
    return {
      url,
      details: {
        ...(codeVerifier === undefined ? {} : { codeVerifier }),
        ...(provider.issuer === undefined ? {} : { issuer: provider.issuer }),
        requiresIssuer: provider.requires_iss ?? false,
        authorizationOrigin: new URL(url).origin,
      },
    };
  }

  private async oauth1(asked: AuthorizationAsked): Promise<AuthorizationRequested> {
    const { environmentId, integration, connectionConfig, client, redirectUri, state, provider } = asked;
    // Providers of OAuth 1.0 give back no `state`, so it stands in the address that they come back to.
    const callback = new URL(redirectUri);
    callback.searchParams.set('state', state);
    const request = { environmentId, providerConfigKey: integration.uniqueKey, connectionConfig, callbackUrl: callback.href, client };
    const requestToken = await this.proxy.requestToken(request);
    const { authorizationParams } = asked;
    const built = oauth1AuthorizationUrl({ provider, connectionConfig, authorizationParams, requestToken: requestToken.token });
    return { url: urlOf(built, provider), details: { requestToken } };
  }

  /** The provider's page where the customer chooses what to install the app on. */
  private async installation({ provider, connectionConfig, state }: AuthorizationAsked): Promise<AuthorizationRequested> {
    const url = new URL(urlOf(buildUrl(provider.authorization_url ?? '', { connectionConfig }), provider));
    url.searchParams.set('state', state);
    return { url: url.href, details: {} };
  }

  private async mcp(asked: AuthorizationAsked): Promise<AuthorizationRequested> {
    const { environmentId, environmentUuid, integration, connectionConfig, redirectUri } = asked;
    const metadata = clientMetadataUrl(this.configuration.serverUrl, environmentUuid, integration.uniqueKey);
    const request = { environmentId, providerConfigKey: integration.uniqueKey, connectionConfig, redirectUri, clientMetadataUrl: metadata };
    const { server, authorizationEndpoint, client, scopes, sendsIssuer } = await this.proxy.discoverMcp(request);
    const { codeVerifier, codeChallenge } = await pkce();
    const addressed = { ...this.addressed(asked), client: { id: client.client_id, scopes }, resource: server.resource, authorizationEndpoint };
    const url = urlOf(authorizationUrl({ ...addressed, codeChallenge }), asked.provider);
    return { url, details: { codeVerifier, server, client, scopes, issuer: server.issuer, requiresIssuer: sendsIssuer } };
  }

  private addressed({ provider, connectionConfig, integration, client, scopes, redirectUri, state, userScopes, authorizationParams }: AuthorizationAsked) {
    const id = client.client_id ?? integration.oauthClientId ?? '';
    return { provider, connectionConfig, client: { id, scopes }, redirectUri, state, userScopes, authorizationParams };
  }
}

function urlOf(built: ProviderUrl, provider: Provider): string {
  if (built.kind === 'known') return built.url;
  const why =
    built.kind === 'missing'
      ? `Values that the address of ${provider.display_name} needs are missing: ${built.names.join(', ')}.`
      : `'${built.host}' cannot stand in the address of ${provider.display_name}.`;
  throw new AppError('invalid_connection_config', { message: why });
}
