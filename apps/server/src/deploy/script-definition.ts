import { createHash } from 'node:crypto';
import { parseRuns, type Rhythm } from 'manifest/interval';
import { AppError, type DeployRequest, type FlowConfig, isAppError, ModelDefinition, ScriptEndpoint, type ScriptType } from 'model';
import { z } from 'zod';

/** What decides how a script runs, beside its code; two deploys with the same of both are the same version. */
export type ScriptSettings = {
  runs: string;
  /** Both null where nothing runs by itself. */
  intervalMs: number | null;
  cron: string | null;
  syncType: 'full' | 'incremental';
  trackDeletes: boolean;
  autoStart: boolean;
  models: string[];
  input: unknown;
  modelSchema: unknown;
  modelsJsonSchema: Record<string, unknown> | null;
  endpoints: ScriptEndpoint[];
  attributes: Record<string, unknown>;
  description: string;
  scopes: string[];
  webhookSubscriptions: string[];
  /** Moments of a connection that an event script runs at, sorted. */
  events: string[];
};

/** A script as a deploy wants it, whatever its kind. */
export type ScriptDefinition = {
  providerConfigKey: string;
  type: ScriptType;
  name: string;
  /** As the manifest gives it; null lets the server count. */
  version: string | null;
  code: string;
  bundleHash: string;
  source: string;
  settings: ScriptSettings;
};

/** The scripts of a deploy, checked one by one and against each other. */
export function definitionsOf(request: DeployRequest): ScriptDefinition[] {
  const flows = request.flowConfigs.map(fromFlow);
  const definitions = [...flows, ...eventScriptsOf(request)];
  for (const definition of definitions) refuseNulBytes(definition);
  refuseTwins(definitions);
  refuseSharedEndpoints(definitions);
  return definitions;
}

/** A script's identity within an environment. */
export function scriptKey({ providerConfigKey, type, name }: Pick<ScriptDefinition, 'providerConfigKey' | 'type' | 'name'>): string {
  return JSON.stringify([providerConfigKey, type, name]);
}

const noSettings: ScriptSettings = {
  runs: '',
  intervalMs: null,
  cron: null,
  syncType: 'full',
  trackDeletes: false,
  autoStart: true,
  models: [],
  input: null,
  modelSchema: [],
  modelsJsonSchema: null,
  endpoints: [],
  attributes: {},
  description: '',
  scopes: [],
  webhookSubscriptions: [],
  events: [],
};

/** A payload names an event script once for each of its events. */
function eventScriptsOf({ onEventScriptsByProvider }: DeployRequest): ScriptDefinition[] {
  const definitions: ScriptDefinition[] = [];
  for (const { providerConfigKey, scripts } of onEventScriptsByProvider ?? []) {
    for (const { name, event, fileBody } of scripts) {
      const content = contentOf(fileBody);
      const twin = definitions.find((other) => other.providerConfigKey === providerConfigKey && other.name === name);
      if (twin && twin.bundleHash === content.bundleHash && !twin.settings.events.includes(event))
        twin.settings.events = [...twin.settings.events, event].toSorted();
      else definitions.push({ providerConfigKey, type: 'on-event', name, version: null, ...content, settings: { ...noSettings, events: [event] } });
    }
  }
  return definitions;
}

function fromFlow(flow: FlowConfig): ScriptDefinition {
  const { syncName: name, providerConfigKey, type } = flow;
  const syncType = syncTypeOf(flow);
  const settings: ScriptSettings = {
    ...noSettings,
    runs: type === 'sync' ? (flow.runs ?? '') : '',
    ...(type === 'sync' ? rhythmOf(flow) : {}),
    syncType,
    // What an incremental run did not return has not gone.
    trackDeletes: flow.track_deletes === true && syncType === 'full',
    autoStart: flow.auto_start !== false,
    models: flow.models,
    input: flow.input ?? null,
    modelSchema: modelSchemaOf(flow),
    modelsJsonSchema: flow.models_json_schema ?? null,
    endpoints: flow.endpoints.map((endpoint) => endpointOf(flow, endpoint)),
    attributes: flow.attributes ?? {},
    description: flow.metadata?.description ?? '',
    scopes: flow.metadata?.scopes ?? [],
    webhookSubscriptions: flow.webhookSubscriptions ?? [],
  };
  return { providerConfigKey, type, name, version: flow.version || null, ...contentOf(flow.fileBody), settings };
}

// Yaml v1 has no sync types and calls all incremental; there track_deletes alone says that a run reads everything.
// Only there a sync has no endpoint.
function syncTypeOf({ sync_type, track_deletes, endpoints }: FlowConfig): 'full' | 'incremental' {
  const isFirstYaml = endpoints.length === 0;
  if (isFirstYaml && track_deletes) return 'full';
  return sync_type?.toLowerCase() === 'incremental' ? 'incremental' : 'full';
}

function contentOf({ js, ts }: { js: string; ts: string }): Pick<ScriptDefinition, 'code' | 'bundleHash' | 'source'> {
  return { code: js, bundleHash: createHash('sha256').update(js).digest('hex'), source: ts };
}

function rhythmOf(flow: FlowConfig): Rhythm {
  try {
    return parseRuns(flow.runs ?? '');
  } catch (error) {
    if (!isAppError(error)) throw error;
    throw new AppError(error.code, { message: `Sync '${flow.syncName}' of '${flow.providerConfigKey}': ${error.message}`, cause: error });
  }
}

function modelSchemaOf(flow: FlowConfig): ModelDefinition[] {
  const given = flow.model_schema;
  if (typeof given !== 'string') return given ?? [];
  const parsed = z.array(ModelDefinition).safeParse(jsonOrNothing(given));
  if (!parsed.success) throw invalid(flow, 'model_schema is no list of models');
  return parsed.data;
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function endpointOf(flow: FlowConfig, given: ScriptEndpoint | Record<string, string>): ScriptEndpoint {
  const modern = ScriptEndpoint.safeParse(given);
  if (modern.success) return { ...modern.data, group: modern.data.group ?? null };
  const [method, path] = Object.entries(given)[0] ?? [];
  const older = ScriptEndpoint.safeParse({ method: method?.toUpperCase(), path, group: null });
  if (!older.success) throw invalid(flow, 'an endpoint needs a method and a path that starts with /');
  return older.data;
}

// Postgres has no text with them, and no compiler writes them.
function refuseNulBytes({ providerConfigKey, name, code, source }: ScriptDefinition): void {
  if (code.includes('\0') || source.includes('\0'))
    throw new AppError('invalid_deploy', { message: `The code of '${name}' of '${providerConfigKey}' holds NUL characters` });
}

function refuseTwins(definitions: ScriptDefinition[]): void {
  const seen = new Set<string>();
  for (const definition of definitions) {
    const key = scriptKey(definition);
    if (seen.has(key))
      throw new AppError('invalid_deploy', { message: `The ${definition.type} '${definition.name}' stands twice under '${definition.providerConfigKey}'` });
    seen.add(key);
  }
}

function refuseSharedEndpoints(definitions: ScriptDefinition[]): void {
  const owners = new Map<string, string>();
  for (const { providerConfigKey, name, settings } of definitions) {
    for (const { method, path } of settings.endpoints) {
      const key = JSON.stringify([providerConfigKey, method, path]);
      const owner = owners.get(key);
      if (owner)
        throw new AppError('invalid_deploy', { message: `'${owner}' and '${name}' of '${providerConfigKey}' both claim the endpoint ${method} ${path}` });
      owners.set(key, name);
    }
  }
}

function invalid(flow: FlowConfig, problem: string): AppError {
  return new AppError('invalid_deploy', { message: `'${flow.syncName}' of '${flow.providerConfigKey}': ${problem}` });
}
