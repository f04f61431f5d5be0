import { z } from 'zod';
import { ProviderConfigKey } from './names.js';

/** An integration as `/integrations` answers it (surface 4.2). */
export const Integration = z.object({
  unique_key: z.string(),
  display_name: z.string(),
  provider: z.string(),
  logo: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  forward_webhooks: z.boolean(),
});
export type Integration = z.infer<typeof Integration>;

/** What the provider signs its webhooks with, where it is not the client secret; null (or nothing) for none. For providers without an app it stands beside the credentials. */
const WebhookSecret = z.string().max(1_024).nullish();

/** The app at the provider that an integration authorises through. `scopes` are separated by commas. */
export const IntegrationCredentials = z.object({
  type: z.enum(['OAUTH1', 'OAUTH2', 'TBA']),
  client_id: z.string().min(1).max(1_024),
  client_secret: z.string().min(1).max(1_024),
  scopes: z.string().max(10_000).nullish(),
  webhook_secret: WebhookSecret,
});
export type IntegrationCredentials = z.infer<typeof IntegrationCredentials>;

/** An integration with what was asked for by `include`. */
export const IntegrationWithSecrets = Integration.extend({ webhook_url: z.string().nullish(), credentials: IntegrationCredentials.partial().nullish() });
export type IntegrationWithSecrets = z.infer<typeof IntegrationWithSecrets>;

const display_name = z.string().trim().min(1).max(255);

/** Body of `POST /integrations`. What is not known is refused (surface 4.1): a misspelt setting would have no effect. */
export const NewIntegration = z.strictObject({
  unique_key: ProviderConfigKey,
  provider: z.string().min(1),
  display_name: display_name.nullish(),
  forward_webhooks: z.boolean().optional(),
  credentials: IntegrationCredentials.optional(),
  webhook_secret: WebhookSecret.optional(),
});
export type NewIntegration = z.infer<typeof NewIntegration>;

/** Body of `PATCH /integrations/{uniqueKey}`: what is absent stays. */
export const IntegrationPatch = z.strictObject({
  unique_key: ProviderConfigKey.optional(),
  display_name: display_name.nullish(),
  forward_webhooks: z.boolean().optional(),
  credentials: IntegrationCredentials.optional(),
  webhook_secret: WebhookSecret.optional(),
});
export type IntegrationPatch = z.infer<typeof IntegrationPatch>;

/** Body of `POST /config` and `PUT /config`; what must be there is checked by hand, since each has an error code of its own. */
export const IntegrationConfig = z.object({
  provider_config_key: ProviderConfigKey.optional(),
  provider: z.string().min(1).optional(),
  oauth_client_id: z.string().optional(),
  oauth_client_secret: z.string().optional(),
  /** Separated by commas. */
  oauth_scopes: z.string().optional(),
});
export type IntegrationConfig = z.infer<typeof IntegrationConfig>;
