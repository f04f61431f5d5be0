import type { ScriptEndpoint } from 'model';
import type { LocatedIntegration, LocatedSync } from './located.js';
import type { ModelReader } from './model-reader.js';
import type { Place } from './place.js';

/** What can only be seen once a whole integration is read (surface 2.2, "Post-parse checks"). */
export function checkIntegration(integration: LocatedIntegration, models: ModelReader, yamlVersion: 'v1' | 'v2'): void {
  checkOutputs(integration, models);
  checkNames(integration);
  if (yamlVersion === 'v1') return;
  for (const sync of integration.syncs) checkSyncV2(sync);
  checkEndpoints(integration);
}

function checkOutputs({ syncs }: LocatedIntegration, models: ModelReader): void {
  const owners = new Map<string, string>();
  for (const { script, outputs } of syncs) {
    for (const [index, model] of script.output.entries()) {
      const place = outputs[index];
      const owner = owners.get(model);
      if (owner !== undefined)
        place?.error('duplicate_model', `'${model}' is the output of '${owner}' already; each model belongs to one sync of an integration`);
      else owners.set(model, script.name);
      const hasId = models.fieldsOf(model).some(({ name, optional }) => name === 'id' && !optional);
      if (!hasId) place?.error('model_missing_id', `the model '${model}' of a sync needs a field 'id', by which its records are told apart; add 'id: string'`);
    }
  }
}

function checkNames({ syncs, actions, providerConfigKey }: LocatedIntegration): void {
  const names = new Set(syncs.map(({ script }) => script.name));
  for (const { script, place } of actions) {
    if (names.has(script.name)) place.error('duplicate_script', `'${providerConfigKey}' has a sync and an action named '${script.name}'; rename one of them`);
  }
}

function checkSyncV2({ script, place, endpoints }: LocatedSync): void {
  if (endpoints.length > 0 && endpoints.length !== script.output.length) {
    const [models, paths] = [script.output.length, endpoints.length];
    place.error(
      'endpoints_mismatch',
      `${models} output ${models > 1 ? 'models' : 'model'}, but ${paths} ${paths > 1 ? 'endpoints' : 'endpoint'}; write one endpoint per model, in the same order`,
    );
  }
  if (script.track_deletes && script.sync_type === 'incremental') {
    place.warning(
      'track_deletes_incremental',
      `track_deletes needs a sync that reads everything; write 'sync_type: full', or delete in the script with nango.batchDelete`,
    );
  }
}

function checkEndpoints({ syncs, actions }: LocatedIntegration): void {
  const owners = new Map<string, string>();
  const check = (endpoint: ScriptEndpoint | null | undefined, name: string, place: Place | undefined): void => {
    if (!endpoint) return;
    const key = `${endpoint.method} ${endpoint.path}`;
    const owner = owners.get(key);
    if (owner !== undefined)
      place?.error('duplicate_endpoint', `'${key}' is the endpoint of '${owner}' already; each endpoint belongs to one script of an integration`);
    else owners.set(key, name);
  };
  for (const { script, endpoints } of syncs) for (const [index, endpoint] of script.endpoints.entries()) check(endpoint, script.name, endpoints[index]);
  for (const { script, endpoint } of actions) check(script.endpoint, script.name, endpoint);
}
