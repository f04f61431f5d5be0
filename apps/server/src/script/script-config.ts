import { ConnectionEvent, type IntegrationScripts, ModelDefinition, type ScriptConfig, type ScriptEndpoint } from 'model';
import { z } from 'zod';
import { isObject, referencedSchema } from './referenced-schema.js';

/** A deployed script with its active version, as the database holds it. */
export type DeployedRow = {
  id: number;
  type: string;
  name: string;
  enabled: boolean;
  version: {
    version: string;
    createdAt: Date;
    runs: string;
    syncType: string;
    trackDeletes: boolean;
    autoStart: boolean;
    models: string[];
    input: unknown;
    modelSchema: unknown;
    endpoints: unknown;
    attributes: unknown;
    description: string;
    scopes: string[];
    webhookSubscriptions: string[];
    events: string[];
  };
  jsonSchema: Record<string, unknown> | null;
};

/** An integration's scripts as the public API lists them. */
export function toIntegrationScripts(integration: { uniqueKey: string; provider: string }, rows: DeployedRow[]): IntegrationScripts {
  const of = (type: string): DeployedRow[] => rows.filter((row) => row.type === type);
  return {
    providerConfigKey: integration.uniqueKey,
    provider: integration.provider,
    syncs: of('sync').map((row) => ({ ...toConfig(row, 'sync'), sync_type: row.version.syncType === 'incremental' ? 'incremental' : 'full' })),
    actions: of('action').map((row) => toConfig(row, 'action')),
    'on-events': of('on-event').flatMap(({ name, version }) =>
      version.events.map((event) => ({
        name,
        event: ConnectionEvent.nullable().catch(null).parse(event),
        version: version.version,
        last_deployed: version.createdAt.toISOString(),
      })),
    ),
  };
}

function toConfig({ id, name, enabled, version, jsonSchema }: DeployedRow, type: 'sync' | 'action'): ScriptConfig {
  const definitions = z.array(ModelDefinition).catch([]).parse(version.modelSchema);
  const definitionOf = (model: string): ModelDefinition | string => definitions.find((definition) => definition.name === model) ?? model;
  const input = typeof version.input === 'string' ? definitionOf(version.input) : version.input;
  const inputName = isObject(input) ? input['name'] : input;
  return {
    id,
    name,
    type,
    version: version.version,
    last_deployed: version.createdAt.toISOString(),
    enabled,
    description: version.description,
    scopes: version.scopes,
    runs: version.runs,
    auto_start: version.autoStart,
    track_deletes: version.trackDeletes,
    returns: version.models,
    models: version.models.map(definitionOf),
    input: input ?? null,
    endpoints: version.endpoints as ScriptEndpoint[], // only deploys write it
    attributes: isObject(version.attributes) ? version.attributes : {},
    webhookSubscriptions: version.webhookSubscriptions,
    json_schema: referencedSchema(jsonSchema, [...version.models, ...(typeof inputName === 'string' ? [inputName] : [])]),
    is_public: false,
    pre_built: false,
  };
}
