import { ConnectionEvent, type SyncType } from 'model';
import { actionMethods, readEndpoint, syncMethods } from './endpoint.js';
import { type LocatedAction, type LocatedIntegration, type LocatedSync, noEvents } from './located.js';
import type { ModelReader } from './model-reader.js';
import type { Place } from './place.js';
import * as fields from './script-fields.js';

const integrationKeys = ['syncs', 'actions', 'on-events', 'post-connection-scripts'];
const commonKeys = ['description', 'version', 'endpoint', 'scopes', 'input', 'output'];
const syncKeys = [...commonKeys, 'runs', 'sync_type', 'track_deletes', 'auto_start', 'webhook-subscriptions'];

/** Reads an integration of yaml v2: `syncs`, `actions`, `on-events`. */
export function readIntegrationV2(providerConfigKey: string, place: Place, models: ModelReader): LocatedIntegration {
  fields.checkKeys(place, integrationKeys, 'an integration');
  return {
    providerConfigKey,
    syncs: scripts(place, 'syncs').flatMap(({ key, value }) => readSync(providerConfigKey, key, value, models)),
    actions: scripts(place, 'actions').map(({ key, value }) => readAction(providerConfigKey, key, value, models)),
    ...readEvents(place),
  };
}

function scripts(integration: Place, kind: 'syncs' | 'actions'): { key: string; value: Place }[] {
  const place = integration.at(kind);
  if (place && !place.isMap && place.scalar !== null) place.error('wrong_type', `${kind} is a map of script names to their settings`);
  return (place?.entries() ?? []).filter(({ key, value, name }) => {
    if (!fields.checkScriptName(key, name)) return false;
    if (!value.isMap) value.error('wrong_type', 'a script is a map of its settings');
    return value.isMap;
  });
}

function readSync(integration: string, name: string, place: Place, models: ModelReader): LocatedSync[] {
  fields.checkKeys(place, syncKeys, 'a sync');
  const common = readCommon(integration, 'sync', name, place, models);
  if (common.outputs.length === 0) {
    place.warning('no_output', `the sync '${name}' has no output and is left out; write for example 'output: Issue'`);
    return [];
  }
  const endpointPlaces = list(place.at('endpoint'));
  if (endpointPlaces.length === 0) place.error('missing_key', `a sync needs an endpoint, for example 'endpoint: GET /issues'`);
  const script = {
    ...common.fields,
    type: 'sync' as const,
    runs: fields.readRuns(place),
    sync_type: readSyncType(place),
    track_deletes: fields.readBoolean(place, 'track_deletes', false),
    auto_start: fields.readBoolean(place, 'auto_start', true),
    output: common.outputs.map(({ model }) => model),
    endpoints: endpointPlaces.flatMap((item) => readEndpoint(item, { methods: syncMethods, isModel: (model) => models.has(model) }) ?? []),
    webhookSubscriptions: fields.readList(place, 'webhook-subscriptions'),
  };
  return [{ script, place, outputs: common.outputs.map((output) => output.place), endpoints: endpointPlaces }];
}

function readAction(integration: string, name: string, place: Place, models: ModelReader): LocatedAction {
  fields.checkKeys(place, commonKeys, 'an action');
  const { fields: common, outputs } = readCommon(integration, 'action', name, place, models);
  const endpointPlace = place.at('endpoint');
  if (!endpointPlace) place.error('missing_key', `an action needs an endpoint, for example 'endpoint: POST /issues'`);
  const endpoint = endpointPlace ? readEndpoint(endpointPlace, { methods: actionMethods, isModel: (model) => models.has(model) }) : undefined;
  const output = outputs.length > 0 ? outputs.map(({ model }) => model) : null;
  return { script: { ...common, type: 'action', output, endpoint: endpoint ?? null }, place, endpoint: endpointPlace };
}

function readCommon(integration: string, type: 'sync' | 'action', name: string, place: Place, models: ModelReader) {
  const anonymous = fields.anonymousName(integration, type, name);
  const outputs = fields.readOutput(place.at('output'), models, `${anonymous}_output`);
  const input = fields.readInput(place, models, `${anonymous}_input`);
  const named = [...outputs.map(({ model }) => model), ...(input === null ? [] : [input])];
  const common = {
    name,
    description: fields.readString(place, 'description'),
    version: fields.readVersion(place),
    scopes: fields.readScopes(place),
    input,
    usedModels: models.closure(named),
    attributes: {},
  };
  return { fields: common, outputs };
}

function readSyncType(script: Place): SyncType {
  const place = script.at('sync_type');
  if (!place) return 'full';
  const written = typeof place.scalar === 'string' ? place.scalar.toLowerCase() : undefined;
  if (written === undefined) place.error('invalid_sync_type', `sync_type is 'full' or 'incremental'`);
  else if (written !== 'incremental' && written !== 'full')
    place.warning('invalid_sync_type', `'${written}' counts as 'full'; sync_type is 'full' or 'incremental'`);
  return written === 'incremental' ? 'incremental' : 'full';
}

function readEvents(place: Place): Pick<LocatedIntegration, 'onEventScripts' | 'postConnectionScripts'> {
  const onEventScripts = noEvents();
  for (const { key, value, name } of place.at('on-events')?.entries() ?? []) {
    const event = ConnectionEvent.safeParse(key);
    if (event.success) onEventScripts[event.data] = readNames(value);
    else name.error('unknown_key', `'${key}' is no event; ${ConnectionEvent.options.join(', ')} are`);
  }
  const older = place.at('post-connection-scripts');
  if (!older || older.scalar === null) return { onEventScripts, postConnectionScripts: [] };
  older.warning('deprecated_key', `post-connection-scripts is the older form of 'on-events: { post-connection-creation: [...] }'`);
  if (Object.values(onEventScripts).some((names) => names.length > 0)) {
    older.error('both_post_connection_scripts_and_on_events_present', 'use either post-connection-scripts or on-events');
  }
  return { onEventScripts, postConnectionScripts: readNames(older) };
}

function readNames(place: Place): string[] {
  if (!place.isList && place.scalar !== null) place.error('wrong_type', 'event scripts are a list of names');
  return place.items().flatMap((item) => (fields.checkScriptName(String(item.plain), item) ? [String(item.plain)] : []));
}

function list(place: Place | undefined): Place[] {
  if (!place) return [];
  return place.isList ? place.items() : [place];
}
