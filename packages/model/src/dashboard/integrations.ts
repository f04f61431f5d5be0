import { z } from 'zod';
import { ConnectField } from '../connect/provider.js';
import { AuthMode } from '../credentials.js';
import { ScriptEndpoint, ScriptType } from '../deploy.js';
import { IntegrationConfigValues, IntegrationPatch } from '../integration.js';

/** One entry of `GET /api/v1/integrations`: `{ integrations: [...] }`. */
export const DashboardIntegration = z.object({
  uniqueKey: z.string(),
  provider: z.string(),
  displayName: z.string().nullable(),
  authMode: AuthMode,
  connections: z.int(),
  scripts: z.int(),
  createdAt: z.iso.datetime(),
});
export type DashboardIntegration = z.infer<typeof DashboardIntegration>;

/** A deployed sync, action or event script of an integration. `runs` is empty for all but syncs. */
export const DashboardScript = z.object({
  name: z.string(),
  type: ScriptType,
  description: z.string(),
  runs: z.string(),
  version: z.string(),
  enabled: z.boolean(),
  endpoints: z.array(ScriptEndpoint),
  models: z.array(z.string()),
  input: z.string().nullable(),
  syncType: z.string().nullable(),
  trackDeletes: z.boolean(),
  event: z.string().nullable(),
  lastDeployedAt: z.iso.datetime(),
});
export type DashboardScript = z.infer<typeof DashboardScript>;

/** The team's app at the provider, without its secrets. */
export const DashboardIntegrationApp = z.object({
  clientId: z.string().nullable(),
  hasClientSecret: z.boolean(),
  /** Until when the client secret before the last rotation is still tried. */
  previousSecretUntil: z.iso.datetime().nullable(),
  /** Separated by commas. */
  scopes: z.string().nullable(),
  appId: z.string().nullable(),
  appLink: z.string().nullable(),
  hasPrivateKey: z.boolean(),
});
export type DashboardIntegrationApp = z.infer<typeof DashboardIntegrationApp>;

/** Answer of `GET /api/v1/integrations/{uniqueKey}`. Client secret and private key never leave the server. */
export const DashboardIntegrationDetail = DashboardIntegration.extend({
  scripts: z.array(DashboardScript),
  app: DashboardIntegrationApp,
  /** Values of the provider's `integrationConfig`; secret ones are left out. */
  config: IntegrationConfigValues,
  callbackUrl: z.string(),
  webhookUrl: z.string(),
  forwardWebhooks: z.boolean(),
  /** How webhooks are verified: not at all routed, open to everybody, or signed with a secret of which it says whether there is one. */
  webhookSecret: z.enum(['unrouted', 'unsigned', 'missing', 'set']),
});
export type DashboardIntegrationDetail = z.infer<typeof DashboardIntegrationDetail>;

const text = (max: number) => z.string().max(max).optional();

/**
 * Body of `PATCH /api/v1/integrations/{uniqueKey}`; `POST /api/v1/integrations` takes `NewIntegration`. What is absent stays, within
 * `credentials` and `integration_config` too: a form sends back no secret that it was not shown. A webhook secret of null is removed.
 */
export const DashboardIntegrationPatch = IntegrationPatch.pick({
  display_name: true,
  forward_webhooks: true,
  integration_config: true,
  webhook_secret: true,
}).extend({
  credentials: z
    .strictObject({
      client_id: text(1_024),
      client_secret: text(16_384),
      scopes: text(10_000),
      app_id: text(255),
      app_link: text(2_000),
      private_key: text(16_384),
    })
    .optional(),
});
export type DashboardIntegrationPatch = z.infer<typeof DashboardIntegrationPatch>;

const Fields = z.record(z.string(), ConnectField);

/** One entry of `GET /api/v1/providers`: `{ providers: [...] }`. Says what the forms of an integration and of an import ask for. */
export const DashboardProvider = z.object({
  name: z.string(),
  displayName: z.string(),
  authMode: AuthMode,
  categories: z.array(z.string()),
  /** The API's reference, and how to register an app there. */
  docs: z.string().nullable(),
  setupGuide: z.string().nullable(),
  /** Whether the team brings a client id and secret. */
  client: z.enum(['none', 'optional', 'required']),
  /** Whether the team brings an app id with a private key. */
  appKey: z.boolean(),
  /** Whether the browser comes back from the provider, which then has to know the callback URL. */
  redirects: z.boolean(),
  defaultScopes: z.array(z.string()),
  /** Values of the integration. */
  integrationConfig: Fields,
  /** Values of each connection, and the fields of its credential. */
  connectionConfig: Fields,
  credentials: Fields,
});
export type DashboardProvider = z.infer<typeof DashboardProvider>;
