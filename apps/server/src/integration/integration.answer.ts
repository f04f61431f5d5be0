import type { Integration } from 'model';
import type { StoredIntegration } from './integration.repository.js';

/** The form of `/integrations`. */
export function toIntegration(integration: StoredIntegration, shown: { displayName: string; logo: string }): Integration {
  return {
    unique_key: integration.uniqueKey,
    display_name: shown.displayName,
    provider: integration.provider,
    logo: shown.logo,
    created_at: integration.createdAt.toISOString(),
    updated_at: integration.updatedAt.toISOString(),
    forward_webhooks: integration.forwardWebhooks,
  };
}

/** The form of `/config`, without secrets. */
export function toConfig({ uniqueKey, provider }: StoredIntegration): { unique_key: string; provider: string } {
  return { unique_key: uniqueKey, provider };
}
