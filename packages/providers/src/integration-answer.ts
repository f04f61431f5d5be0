import type { AuthMode, Integration, IntegrationCredentials } from 'model';
import { findProvider } from './catalogue.js';

/** An integration as every answer shows it. */
type ShownIntegration = {
  uniqueKey: string;
  provider: string;
  displayName: string | null;
  forwardWebhooks: boolean;
  createdAt: Date;
  updatedAt: Date;
};

/** The form of `/integrations` and of `nango.getIntegration()`; the name is the team's own, else the provider's. */
export function toIntegration(integration: ShownIntegration, serverUrl: string): Integration {
  const { uniqueKey, provider, displayName, forwardWebhooks, createdAt, updatedAt } = integration;
  return {
    unique_key: uniqueKey,
    display_name: displayName ?? findProvider(provider)?.display_name ?? provider,
    provider,
    logo: `${serverUrl}/images/template-logos/${provider}.svg`,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
    forward_webhooks: forwardWebhooks,
  };
}

/** Where a provider is told to send its webhooks. */
export function webhookUrl(serverUrl: string, environmentUuid: string, uniqueKey: string): string {
  return `${serverUrl}/webhook/${environmentUuid}/${encodeURIComponent(uniqueKey)}`;
}

/** Whether a provider is authorised through an app that the team registers there. */
export function isOAuthApp(mode: AuthMode | undefined): mode is IntegrationCredentials['type'] {
  return mode === 'OAUTH1' || mode === 'OAUTH2' || mode === 'TBA';
}
