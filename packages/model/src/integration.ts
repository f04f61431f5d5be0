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

const AppId = z.union([z.string().min(1).max(255), z.int().positive().transform(String)]);
const app = { app_id: AppId, app_link: z.url({ protocol: /^https?$/ }).max(2_000), private_key: z.string().min(1).max(16_384) };
const oauthClient = {
  client_id: z.string().min(1).max(1_024),
  client_secret: z.string().min(1).max(16_384),
  scopes: z.string().max(10_000).nullish(),
  webhook_secret: WebhookSecret,
};

/**
 * The app at the provider that an integration authorises through (surface 4.2). `scopes` are separated by commas. For AWS_SIGV4 the
 * client is the access key that assumes the customer's role; for OAUTH2_CC and TWO_STEP it is optional, where the team brings one client for all.
 */
export const IntegrationCredentials = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['OAUTH1', 'OAUTH2', 'TBA', 'AWS_SIGV4', 'OAUTH2_CC', 'TWO_STEP', 'MCP_OAUTH2', 'MCP_OAUTH2_GENERIC']), ...oauthClient }),
  z.object({ type: z.literal('APP'), ...app, webhook_secret: WebhookSecret }),
  z.object({ type: z.literal('CUSTOM'), ...oauthClient, ...app }),
]);
export type IntegrationCredentials = z.infer<typeof IntegrationCredentials>;

/** An integration's own values of its catalogue entry's `integration_config`, by field. */
export const IntegrationConfigValues = z.record(z.string().max(255), z.string().max(10_000));
export type IntegrationConfigValues = z.infer<typeof IntegrationConfigValues>;

/** What an answer shows of {@link IntegrationCredentials}. */
export const ShownIntegrationCredentials = z.object({
  type: z.string(),
  client_id: z.string().nullish(),
  client_secret: z.string().nullish(),
  scopes: z.string().nullish(),
  app_id: z.string().nullish(),
  app_link: z.string().nullish(),
  private_key: z.string().nullish(),
  webhook_secret: z.string().nullish(),
});
export type ShownIntegrationCredentials = z.infer<typeof ShownIntegrationCredentials>;

/** An integration with what was asked for by `include`. */
export const IntegrationWithSecrets = Integration.extend({ webhook_url: z.string().nullish(), credentials: ShownIntegrationCredentials.nullish() });
export type IntegrationWithSecrets = z.infer<typeof IntegrationWithSecrets>;

const display_name = z.string().trim().min(1).max(255);

/** Body of `POST /integrations`. What is not known is refused (surface 4.1): a misspelt setting would have no effect. */
export const NewIntegration = z.strictObject({
  unique_key: ProviderConfigKey,
  provider: z.string().min(1),
  display_name: display_name.nullish(),
  forward_webhooks: z.boolean().optional(),
  credentials: IntegrationCredentials.optional(),
  integration_config: IntegrationConfigValues.optional(),
  webhook_secret: WebhookSecret.optional(),
});
export type NewIntegration = z.infer<typeof NewIntegration>;

/** Body of `PATCH /integrations/{uniqueKey}`: what is absent stays. */
export const IntegrationPatch = z.strictObject({
  unique_key: ProviderConfigKey.optional(),
  display_name: display_name.nullish(),
  forward_webhooks: z.boolean().optional(),
  credentials: IntegrationCredentials.optional(),
  integration_config: IntegrationConfigValues.optional(),
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
