import type { DeployRequest, FlowConfig, OnEventScripts, ScriptFile } from 'model';
import type { SchemaDocument } from './json-schema.js';
import type { ParsedAction, ParsedIntegration, ParsedManifest, ParsedScript, ParsedSync } from './manifest.js';
import { type ManifestScript, scriptsOf } from './scripts.js';

/** What a deploy sends beside the manifest. `only` narrows it to one script, which then changes nothing else. */
export type DeployOptions = {
  /** A script's bundle and source. */
  fileOf: (script: ManifestScript) => ScriptFile;
  jsonSchema: SchemaDocument;
  only?: { kind: 'sync' | 'action'; name: string } | undefined;
  version?: string | undefined;
  debug?: boolean | undefined;
};

/** The body of `POST /sync/deploy/confirmation` (surface 3.4); the deploy itself adds `nangoYamlBody` and `reconcile: true`. */
export function deployRequest(manifest: ParsedManifest, { fileOf, jsonSchema, only, version, debug = false }: DeployOptions): DeployRequest {
  const scripts = scriptsOf(manifest);
  const flows = scripts.filter(({ kind, name }) => kind !== 'on-event' && (!only || (only.kind === kind && only.name === name)));
  return {
    flowConfigs: flows.flatMap((script) => flowConfig(manifest, script, fileOf(script), version) ?? []),
    // A single script's deploy leaves events as they are.
    ...(only ? {} : { onEventScriptsByProvider: manifest.integrations.flatMap((integration) => eventScripts(integration, scripts, fileOf)) }),
    jsonSchema,
    reconcile: false,
    debug,
    singleDeployMode: only !== undefined,
  };
}

function flowConfig(manifest: ParsedManifest, script: ManifestScript, fileBody: ScriptFile, version: string | undefined): FlowConfig | undefined {
  const integration = manifest.integrations.find(({ providerConfigKey }) => providerConfigKey === script.providerConfigKey);
  const flow =
    script.kind === 'sync' ? integration?.syncs.find(({ name }) => name === script.name) : integration?.actions.find(({ name }) => name === script.name);
  if (!flow) return undefined;
  const kind = flow.type === 'sync' ? syncFields(flow) : actionFields(flow);
  return { ...commonFields(manifest, flow, version), providerConfigKey: script.providerConfigKey, fileBody, ...kind };
}

function commonFields(manifest: ParsedManifest, flow: ParsedScript, version: string | undefined) {
  return {
    syncName: flow.name,
    version: version ?? flow.version,
    attributes: flow.attributes,
    metadata: { ...(flow.description ? { description: flow.description } : {}), scopes: flow.scopes },
    ...(flow.input === null ? {} : { input: flow.input }),
    model_schema: manifest.models.filter(({ name }) => flow.usedModels.includes(name)),
  };
}

function syncFields({ output, runs, track_deletes, auto_start, sync_type, endpoints, webhookSubscriptions }: ParsedSync) {
  return { type: 'sync' as const, models: output, runs, track_deletes, auto_start, sync_type, endpoints, webhookSubscriptions };
}

function actionFields({ output, endpoint }: ParsedAction) {
  return { type: 'action' as const, models: output ?? [], runs: '', track_deletes: false, endpoints: endpoint ? [endpoint] : [] };
}

function eventScripts({ providerConfigKey }: ParsedIntegration, scripts: ManifestScript[], fileOf: DeployOptions['fileOf']): OnEventScripts[] {
  const events = scripts.flatMap((script) => {
    if (script.kind !== 'on-event' || script.providerConfigKey !== providerConfigKey) return [];
    return [{ name: script.name, event: script.event, fileBody: fileOf(script) }];
  });
  return events.length > 0 ? [{ providerConfigKey, scripts: events }] : [];
}
