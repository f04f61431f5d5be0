import type { ConnectionEvent, ModelDefinition, ScriptEndpoint, SyncType } from 'model';

/** What syncs and actions have in common. `usedModels` are output and input with everything they refer to. */
export type ParsedScript = {
  name: string;
  description: string;
  version: string;
  scopes: string[];
  input: string | null;
  usedModels: string[];
  attributes: Record<string, unknown>;
};

/** A sync of nango.yaml. `output` and `endpoints` go together by position; v1 has no endpoints. */
export type ParsedSync = ParsedScript & {
  type: 'sync';
  runs: string;
  sync_type: SyncType;
  track_deletes: boolean;
  auto_start: boolean;
  output: string[];
  endpoints: ScriptEndpoint[];
  webhookSubscriptions: string[];
};

/** An action of nango.yaml. */
export type ParsedAction = ParsedScript & { type: 'action'; output: string[] | null; endpoint: ScriptEndpoint | null };

/** One integration of nango.yaml. `postConnectionScripts` is the older form of `post-connection-creation`, with a folder of its own. */
export type ParsedIntegration = {
  providerConfigKey: string;
  syncs: ParsedSync[];
  actions: ParsedAction[];
  onEventScripts: Record<ConnectionEvent, string[]>;
  postConnectionScripts: string[];
};

/** A nango.yaml, understood. */
export type ParsedManifest = { yamlVersion: 'v1' | 'v2'; integrations: ParsedIntegration[]; models: ModelDefinition[] };
