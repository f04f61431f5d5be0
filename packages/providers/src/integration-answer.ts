import type { AuthMode, Integration } from 'model';
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

const modesWithClient = new Set<AuthMode>(['OAUTH1', 'OAUTH2', 'TBA', 'CUSTOM', 'AWS_SIGV4', 'OAUTH2_CC', 'TWO_STEP', 'MCP_OAUTH2', 'MCP_OAUTH2_GENERIC']);
const modesThatNeedClient = new Set<AuthMode>(['OAUTH1', 'OAUTH2', 'TBA', 'CUSTOM', 'AWS_SIGV4']);

/** Whether an integration may hold a client of the team's at the provider: an id and a secret. */
export function hasOAuthClient(mode: AuthMode | undefined): boolean {
  return mode !== undefined && modesWithClient.has(mode);
}

/** Whether nothing can be authorised without that client. */
export function needsOAuthClient(mode: AuthMode): boolean {
  return modesThatNeedClient.has(mode);
}
