import { z } from 'zod';
import { AuthMode } from '../credentials.js';
import { ScriptEndpoint, ScriptType } from '../deploy.js';
import { ProviderConfigKey } from '../names.js';

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

/** Answer of `GET /api/v1/integrations/{uniqueKey}`. The client secret never leaves the server. */
export const DashboardIntegrationDetail = DashboardIntegration.extend({
  scripts: z.array(DashboardScript),
  oauthClientId: z.string().nullable(),
  oauthScopes: z.string().nullable(),
  callbackUrl: z.string(),
  webhookUrl: z.string(),
  forwardWebhooks: z.boolean(),
  /** How webhooks are verified: not at all routed, open to everybody, or signed with a secret of which it says whether there is one. */
  webhookSecret: z.enum(['unrouted', 'unsigned', 'missing', 'set']),
});
export type DashboardIntegrationDetail = z.infer<typeof DashboardIntegrationDetail>;

/** Body of `PATCH /api/v1/integrations/{uniqueKey}`: what is absent stays; a secret of null is taken away. */
export const DashboardIntegrationPatch = z.strictObject({ forwardWebhooks: z.boolean().optional(), webhookSecret: z.string().max(1_024).nullish() });
export type DashboardIntegrationPatch = z.infer<typeof DashboardIntegrationPatch>;

/** Body of `POST /api/v1/integrations`. */
export const NewDashboardIntegration = z.strictObject({
  uniqueKey: ProviderConfigKey,
  provider: z.string().min(1),
  displayName: z.string().optional(),
  oauthClientId: z.string().optional(),
  oauthClientSecret: z.string().optional(),
  oauthScopes: z.string().optional(),
});
export type NewDashboardIntegration = z.infer<typeof NewDashboardIntegration>;

/** One entry of `GET /api/v1/providers`: `{ providers: [...] }`. `connectionConfig` names the values a connection needs. */
export const DashboardProvider = z.object({ name: z.string(), displayName: z.string(), authMode: AuthMode, connectionConfig: z.array(z.string()) });
export type DashboardProvider = z.infer<typeof DashboardProvider>;
