import { z } from 'zod';
import { ConnectionEvent, ModelDefinition, ScriptEndpoint, ScriptType } from './deploy.js';

/** A deployed sync or action as `GET /scripts/config` answers it (surface 4.2). */
export const ScriptConfig = z.object({
  id: z.int(),
  name: z.string(),
  type: ScriptType,
  version: z.string(),
  last_deployed: z.string(),
  enabled: z.boolean(),
  description: z.string(),
  scopes: z.array(z.string()),
  runs: z.string(),
  auto_start: z.boolean(),
  track_deletes: z.boolean(),
  sync_type: z.enum(['full', 'incremental']).optional(),
  returns: z.array(z.string()),
  models: z.array(z.union([z.string(), ModelDefinition])),
  input: z.unknown().optional(),
  endpoints: z.array(ScriptEndpoint),
  attributes: z.record(z.string(), z.unknown()),
  webhookSubscriptions: z.array(z.string()),
  json_schema: z.record(z.string(), z.unknown()).nullable(),
  is_public: z.boolean(),
  pre_built: z.boolean(),
});
export type ScriptConfig = z.infer<typeof ScriptConfig>;

/** The scripts of one integration. */
export const IntegrationScripts = z.object({
  providerConfigKey: z.string(),
  provider: z.string(),
  syncs: z.array(ScriptConfig),
  actions: z.array(ScriptConfig),
  'on-events': z.array(z.object({ name: z.string(), event: ConnectionEvent.nullable(), version: z.string(), last_deployed: z.string() })),
});
export type IntegrationScripts = z.infer<typeof IntegrationScripts>;

/** An action as a tool of a language model. */
export const ActionTool = z.object({ type: z.literal('function'), name: z.string(), description: z.string(), parameters: z.record(z.string(), z.unknown()) });
export type ActionTool = z.infer<typeof ActionTool>;

/** Query of `GET /scripts/config`. */
export const ScriptsConfigQuery = z.object({ format: z.enum(['nango', 'openai']).default('nango') });
export type ScriptsConfigQuery = z.infer<typeof ScriptsConfigQuery>;
