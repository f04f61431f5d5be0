import type { StoredIntegration } from './integration.repository.js';

/** The form of `/config`, without secrets. */
export function toConfig({ uniqueKey, provider }: StoredIntegration): { unique_key: string; provider: string } {
  return { unique_key: uniqueKey, provider };
}
