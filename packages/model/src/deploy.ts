import { z } from 'zod';
import { ProviderConfigKey, ScriptName } from './names.js';

/** Kinds of deployed scripts. */
export const ScriptType = z.enum(['sync', 'action', 'on-event']);
export type ScriptType = z.infer<typeof ScriptType>;

/** Whether a sync reads everything each time or only what changed. */
export const SyncType = z.enum(['full', 'incremental']);
export type SyncType = z.infer<typeof SyncType>;

export const HttpMethod = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
export type HttpMethod = z.infer<typeof HttpMethod>;

/** One generated endpoint under `/v1`. `path` starts with a slash. */
export const ScriptEndpoint = z.object({ method: HttpMethod, path: z.string().startsWith('/'), group: z.string().nullish() });
export type ScriptEndpoint = z.infer<typeof ScriptEndpoint>;

/** A field of a model as the manifest parses it (surface 2.3). */
export type ModelField = {
  name: string;
  value: string | number | boolean | null | ModelField[];
  optional?: boolean | undefined;
  array?: boolean | undefined;
  union?: boolean | undefined;
  model?: boolean | undefined;
  tsType?: boolean | undefined;
  dynamic?: boolean | undefined;
};
export const ModelField: z.ZodType<ModelField> = z.lazy(() =>
  z.object({
    name: z.string(),
    value: z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(ModelField)]),
    optional: z.boolean().optional(),
    array: z.boolean().optional(),
    union: z.boolean().optional(),
    model: z.boolean().optional(),
    tsType: z.boolean().optional(),
    dynamic: z.boolean().optional(),
  }),
);

/** A model of nango.yaml. */
export const ModelDefinition = z.object({ name: z.string(), fields: z.array(ModelField), description: z.string().optional(), isAnon: z.boolean().optional() });
export type ModelDefinition = z.infer<typeof ModelDefinition>;

/** A compiled script: CommonJS to run, TypeScript to show. */
export const ScriptFile = z.object({ js: z.string(), ts: z.string() });
export type ScriptFile = z.infer<typeof ScriptFile>;

/** Characters of a script's description. */
export const maxDescriptionLength = 2000;

/** One sync or action of a deploy (surface 3.4). `runs` is empty for actions. Keys we do not know are tolerated. */
export const FlowConfig = z.looseObject({
  syncName: ScriptName,
  providerConfigKey: ProviderConfigKey,
  type: z.enum(['sync', 'action']),
  models: z.array(z.string()).default([]),
  runs: z.string().nullish(),
  version: z.string().nullish(),
  track_deletes: z.boolean().nullish(),
  auto_start: z.boolean().nullish(),
  attributes: z.record(z.string(), z.unknown()).nullish(),
  metadata: z.looseObject({ description: z.string().max(maxDescriptionLength).nullish(), scopes: z.array(z.string()).nullish() }).nullish(),
  input: z.union([z.string(), ModelDefinition]).nullish(),
  sync_type: z.string().nullish(),
  fileBody: ScriptFile,
  /** Draft-07 schema of the script's own models, from newer CLIs. */
  models_json_schema: z.record(z.string(), z.unknown()).nullish(),
  model_schema: z.union([z.string(), z.array(ModelDefinition)]).nullish(),
  endpoints: z.array(z.union([ScriptEndpoint, z.record(z.string(), z.string())])).default([]),
  webhookSubscriptions: z.array(z.string()).nullish(),
});
export type FlowConfig = z.infer<typeof FlowConfig>;

/** Moments of a connection that a script may run on. */
export const ConnectionEvent = z.enum(['post-connection-creation', 'pre-connection-deletion', 'validate-connection']);
export type ConnectionEvent = z.infer<typeof ConnectionEvent>;

export const OnEventScripts = z.object({
  providerConfigKey: ProviderConfigKey,
  scripts: z.array(z.object({ name: ScriptName, event: ConnectionEvent, fileBody: ScriptFile })),
});
export type OnEventScripts = z.infer<typeof OnEventScripts>;

/** Body of `POST /sync/deploy/confirmation`, and with `nangoYamlBody` and `reconcile: true` of `POST /sync/deploy`. */
export const DeployRequest = z.looseObject({
  flowConfigs: z.array(FlowConfig),
  onEventScriptsByProvider: z.array(OnEventScripts).nullish(),
  jsonSchema: z.record(z.string(), z.unknown()).nullish(),
  reconcile: z.boolean().default(false),
  debug: z.boolean().default(false),
  singleDeployMode: z.boolean().nullish(),
  nangoYamlBody: z.string().nullish(),
});
export type DeployRequest = z.infer<typeof DeployRequest>;

/** A script that a deploy would add or remove. */
export const DeployedScriptChange = z.object({
  id: z.int().optional(),
  name: z.string(),
  providerConfigKey: z.string(),
  auto_start: z.boolean().optional(),
  sync_id: z.string().nullish(),
  connections: z.int().optional(),
  enabled: z.boolean().optional(),
});
export type DeployedScriptChange = z.infer<typeof DeployedScriptChange>;

/** What a deploy changes of one model, at one place in it (`Task.owner.name`). */
export const ModelChangeEntry = z.object({
  providerConfigKey: z.string(),
  model: z.string(),
  /** Whether its values come out (records, outputs) or go in (inputs). */
  use: z.enum(['output', 'input']),
  kind: z.enum(['additive', 'widening', 'breaking']),
  path: z.string(),
  message: z.string(),
});
export type ModelChangeEntry = z.infer<typeof ModelChangeEntry>;

/** Answer of `POST /sync/deploy/confirmation`. */
export const DeployPlan = z.object({
  newSyncs: z.array(DeployedScriptChange),
  deletedSyncs: z.array(DeployedScriptChange),
  newActions: z.array(DeployedScriptChange),
  deletedActions: z.array(DeployedScriptChange),
  newOnEventScripts: z.array(z.object({ name: z.string(), providerConfigKey: z.string(), event: ConnectionEvent })),
  deletedOnEventScripts: z.array(z.object({ name: z.string(), providerConfigKey: z.string(), event: ConnectionEvent })),
  deletedModels: z.array(z.string()),
  /** Of models that stay. */
  modelChanges: z.array(ModelChangeEntry).default([]),
});
export type DeployPlan = z.infer<typeof DeployPlan>;

/** One entry of the answer of `POST /sync/deploy`. */
export const DeployedScript = z.object({
  id: z.int().optional(),
  name: z.string(),
  syncName: z.string().optional(),
  sync_name: z.string().optional(),
  providerConfigKey: z.string(),
  type: ScriptType,
  version: z.string().optional(),
  last_deployed: z.string().optional(),
  input: z.unknown().optional(),
  models: z.array(z.string()),
});
export type DeployedScript = z.infer<typeof DeployedScript>;
