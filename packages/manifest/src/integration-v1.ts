import { type LocatedAction, type LocatedIntegration, type LocatedSync, noEvents } from './located.js';
import type { ModelReader } from './model-reader.js';
import type { Place } from './place.js';
import { anonymousName, checkScriptName, readBoolean, readDescription, readOutput, readRuns, readVersion } from './script-fields.js';

const v2Keys = new Set(['syncs', 'actions', 'on-events', 'post-connection-scripts']);

/** Reads an integration of yaml v1: its scripts stand right below it, each with a `type`. Unknown keys of a script are tolerated. */
export function readIntegrationV1(providerConfigKey: string, place: Place, models: ModelReader): LocatedIntegration {
  const integration: LocatedIntegration = { providerConfigKey, syncs: [], actions: [], onEventScripts: noEvents(), postConnectionScripts: [] };
  for (const { key, value, name } of place.entries()) {
    if (v2Keys.has(key)) {
      name.error(
        'mixed_versions',
        `'${key}' belongs to the newer form, but the first integration of this file is written in the older one; use one form for all`,
      );
      continue;
    }
    if (!checkScriptName(key, name)) continue;
    if (!value.isMap) value.error('wrong_type', `a script is a map, for example { runs: every hour, returns: Issue }`);
    else readScript(integration, key, value, models);
  }
  return integration;
}

function readScript(integration: LocatedIntegration, name: string, place: Place, models: ModelReader): void {
  const type = place.at('type')?.scalar ?? 'sync';
  if (type === 'action') integration.actions.push(readAction(integration.providerConfigKey, name, place, models));
  else if (type === 'sync') integration.syncs.push(...readSync(integration.providerConfigKey, name, place, models));
  else place.at('type')?.error('wrong_type', `'${String(type)}' is no type of script; 'sync' and 'action' are`);
}

function readSync(integration: string, name: string, place: Place, models: ModelReader): LocatedSync[] {
  const outputs = readOutput(place.at('returns'), models, `${anonymousName(integration, 'sync', name)}_output`);
  if (outputs.length === 0) {
    place.warning('no_output', `the sync '${name}' has no 'returns' and is left out; write for example 'returns: Issue'`);
    return [];
  }
  const script = {
    ...readCommon(name, place, models, outputs),
    type: 'sync' as const,
    runs: readRuns(place),
    // v1 has no sync type; its flag alone decides about deletions.
    sync_type: 'incremental' as const,
    track_deletes: readBoolean(place, 'track_deletes', false),
    auto_start: readBoolean(place, 'auto_start', true),
    output: outputs.map(({ model }) => model),
    endpoints: [],
    webhookSubscriptions: [],
  };
  return [{ script, place, outputs: outputs.map((output) => output.place), endpoints: [] }];
}

function readAction(integration: string, name: string, place: Place, models: ModelReader): LocatedAction {
  const outputs = readOutput(place.at('returns'), models, `${anonymousName(integration, 'action', name)}_output`);
  const output = outputs.length > 0 ? outputs.map(({ model }) => model) : null;
  return { script: { ...readCommon(name, place, models, outputs), type: 'action', output, endpoint: null }, place, endpoint: undefined };
}

function readCommon(name: string, place: Place, models: ModelReader, outputs: { model: string }[]) {
  const attributes = place.at('attributes')?.plain;
  return {
    name,
    description: readDescription(place),
    version: readVersion(place),
    scopes: [],
    input: null,
    usedModels: models.closure(outputs.map(({ model }) => model)),
    attributes: typeof attributes === 'object' && attributes ? { ...attributes } : {},
  };
}
