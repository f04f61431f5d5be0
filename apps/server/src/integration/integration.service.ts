import { Inject, Injectable } from '@nestjs/common';
import {
  AppError,
  type AuthMode,
  type Integration,
  type FieldProblem,
  type IntegrationConfig,
  type IntegrationConfigValues,
  type IntegrationCredentials,
  type IntegrationPatch,
  type NewIntegration,
  type ShownIntegrationCredentials,
} from 'model';
import { checkFields, findProvider, integrationProvider, hasOAuthClient, needsOAuthClient, type Provider, toIntegration, webhookUrl } from 'providers';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { EnvironmentService } from '../environment/environment.service.js';
import { type IntegrationFields, IntegrationRepository, type StoredIntegration } from './integration.repository.js';

@Injectable()
export class IntegrationService {
  constructor(
    private readonly integrations: IntegrationRepository,
    private readonly environments: EnvironmentService,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  list(environmentId: number): Promise<StoredIntegration[]> {
    return this.integrations.list(environmentId);
  }

  /** @param status of the error: the routes of different eras disagree */
  async require(environmentId: number, uniqueKey: string, status = 400): Promise<StoredIntegration> {
    const found = await this.integrations.find(environmentId, uniqueKey);
    if (found) return found;
    throw new AppError('unknown_provider_config', { message: `There is no integration '${uniqueKey}' in this environment`, status });
  }

  create(environmentId: number, request: NewIntegration): Promise<StoredIntegration> {
    const entry = requireProvider(request.provider);
    const { unique_key: uniqueKey, provider, display_name, forward_webhooks: forwardWebhooks, webhook_secret: webhookSecret } = request;
    const config = checkedConfig(entry, request.integration_config);
    const app = credentialFields(entry.auth_mode, request.credentials);
    // Scopes that the entry names stand in for none at all, and never beside others (surface 5.4).
    const oauthScopes = app.oauthScopes ?? (integrationProvider(entry, config).default_scopes?.join(',') || undefined);
    const fields = definedOnly({ displayName: display_name ?? undefined, forwardWebhooks, webhookSecret, config, ...app, oauthScopes });
    return this.integrations.create(environmentId, { uniqueKey, provider, ...fields });
  }

  async change(environmentId: number, integration: StoredIntegration, patch: IntegrationPatch): Promise<StoredIntegration> {
    const entry = requireProvider(integration.provider);
    const credentials = credentialFields(entry.auth_mode, patch.credentials);
    const { unique_key: uniqueKey, display_name: displayName, forward_webhooks: forwardWebhooks, webhook_secret: webhookSecret } = patch;
    const config = patch.integration_config && checkedConfig(entry, { ...integration.config, ...patch.integration_config });
    const fields = definedOnly({ uniqueKey, displayName, forwardWebhooks, webhookSecret, config, ...credentials });
    return this.integrations.update(environmentId, integration.id, fields);
  }

  createFromConfig(environmentId: number, config: IntegrationConfig): Promise<StoredIntegration> {
    const { provider_config_key: uniqueKey, provider } = config;
    if (!uniqueKey) throw new AppError('missing_provider_config', { message: 'provider_config_key is missing' });
    if (!provider) throw new AppError('unknown_provider_template', { message: 'provider is missing' });
    return this.integrations.create(environmentId, { uniqueKey, provider, ...configFields(config, provider) });
  }

  async changeFromConfig(environmentId: number, config: IntegrationConfig): Promise<StoredIntegration> {
    if (!config.provider_config_key) throw new AppError('missing_provider_config', { message: 'provider_config_key is missing' });
    const integration = await this.require(environmentId, config.provider_config_key, 404);
    const provider = config.provider ?? integration.provider;
    return this.integrations.update(environmentId, integration.id, { provider, ...configFields(config, provider) });
  }

  delete(environmentId: number, integration: StoredIntegration): Promise<void> {
    return this.integrations.delete(environmentId, integration.id);
  }

  /** The app at the provider; null for providers that need none, and where none was given. */
  async credentials(environmentId: number, integration: StoredIntegration): Promise<ShownIntegrationCredentials | null> {
    const type = this.authMode(integration);
    const { clientSecret, webhookSecret, appKey } = await this.integrations.secrets(environmentId, integration.id);
    const { oauthClientId: client_id, oauthScopes: scopes } = integration;
    const client = client_id && hasOAuthClient(type) ? { client_id, client_secret: clientSecret ?? '', scopes } : null;
    if (!client && !appKey) return null;
    return { type, ...client, ...appKey, webhook_secret: webhookSecret };
  }

  /** The catalogue's entry with the integration's own values filled in. @throws AppError `unknown_provider_template_in_config` */
  provider({ provider, config }: Pick<StoredIntegration, 'provider' | 'config'>): Provider {
    const entry = findProvider(provider);
    if (!entry) throw new AppError('unknown_provider_template_in_config', { message: `The catalogue has no provider '${provider}'` });
    return integrationProvider(entry, config);
  }

  /** Whether the provider takes credentials back. */
  canRevoke(integration: StoredIntegration): boolean {
    const { revocation_url, auth_mode } = this.provider(integration);
    return revocation_url !== undefined || auth_mode === 'MCP_OAUTH2' || auth_mode === 'MCP_OAUTH2_GENERIC';
  }

  authMode({ provider }: { provider: string }): AuthMode {
    return findProvider(provider)?.auth_mode ?? 'NONE';
  }

  /** Where the provider is told to send its webhooks. */
  async webhookUrl(environmentId: number, integration: StoredIntegration): Promise<string> {
    const { uuid } = await this.environments.settings(environmentId);
    return webhookUrl(this.configuration.serverUrl, uuid, integration.uniqueKey);
  }

  /** The form of `/integrations`. */
  answer(integration: StoredIntegration): Integration {
    return toIntegration(integration, this.configuration.serverUrl);
  }

  /** Whether webhooks of this integration are routed, and whether there is the secret that they must be signed with. */
  async webhookSecretState(environmentId: number, { id, provider }: StoredIntegration): Promise<'unrouted' | 'unsigned' | 'missing' | 'set'> {
    const { webhook_routing_script: script, webhook_user_defined_secret: isOwn } = findProvider(provider) ?? {};
    if (!script) return 'unrouted';
    if (script === 'unauthenticated') return 'unsigned';
    const { clientSecret, webhookSecret } = await this.integrations.secrets(environmentId, id);
    return webhookSecret || (clientSecret && !isOwn) ? 'set' : 'missing';
  }
}

function requireProvider(name: string): Provider {
  const provider = findProvider(name);
  if (!provider) throw new AppError('unknown_provider_template', { message: `There is no provider '${name}'` });
  return provider;
}

function credentialFields(authMode: AuthMode, credentials: IntegrationCredentials | undefined): IntegrationFields {
  if (!credentials) return {};
  if (credentials.type !== authMode) throw new AppError('wrong_auth_mode', { message: `The provider authorises with ${authMode}, not ${credentials.type}` });
  return definedOnly({ ...clientFields(credentials), ...appFields(credentials), webhookSecret: credentials.webhook_secret });
}

function clientFields(credentials: IntegrationCredentials): IntegrationFields {
  if (credentials.type === 'APP') return {};
  const { client_id: oauthClientId, client_secret: oauthClientSecret, scopes: oauthScopes } = credentials;
  return definedOnly({ oauthClientId, oauthClientSecret, oauthScopes });
}

function appFields(credentials: IntegrationCredentials): IntegrationFields {
  if (credentials.type !== 'APP' && credentials.type !== 'CUSTOM') return {};
  const { app_id, app_link, private_key } = credentials;
  return { appKey: { app_id, app_link, private_key } };
}

/** @throws AppError `invalid_integration_config` naming each field that is missing, unknown or malformed */
function checkedConfig(entry: Provider, values: IntegrationConfigValues = {}): IntegrationConfigValues {
  const fields = entry.integration_config ?? {};
  const unknown: FieldProblem[] = Object.keys(values)
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => ({ code: 'custom', message: `'${name}' is no field of '${entry.name}'`, path: ['integration_config', name] }));
  const problems = [...unknown, ...checkFields(fields, values, ['integration_config'])];
  if (problems[0]) throw new AppError('invalid_integration_config', { message: problems[0].message, errors: problems });
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

function configFields(config: IntegrationConfig, provider: string): IntegrationFields {
  const { oauth_client_id: oauthClientId, oauth_client_secret: oauthClientSecret, oauth_scopes: oauthScopes } = config;
  const { auth_mode: mode } = requireProvider(provider);
  if (!hasOAuthClient(mode) || (!needsOAuthClient(mode) && !oauthClientId)) return {};
  if (!oauthClientId) throw new AppError('missing_client_id', { message: 'oauth_client_id is missing' });
  if (!oauthClientSecret) throw new AppError('missing_client_secret', { message: 'oauth_client_secret is missing' });
  return definedOnly({ oauthClientId, oauthClientSecret, oauthScopes });
}

function definedOnly<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
