import type { ModelChangeEntry } from 'model';
import { compareModels, type ModelUse, type SchemaDocument } from 'validation';
import type { Change } from './deployment-diff.js';
import type { ScriptSettings } from './script-definition.js';

/** The schemas of the deployments that active versions come from, by id, and the new deploy's. */
export type Schemas = { before: ReadonlyMap<number, unknown>; after: SchemaDocument };

/** What a deploy changes of the models that stay, each place told once. */
export function modelChanges(changes: Change[], schemas: Schemas): ModelChangeEntry[] {
  const all = changes.flatMap((change) => changesOf(change, schemas));
  return [...new Map(all.map((entry) => [JSON.stringify(entry), entry])).values()];
}

function changesOf({ definition, standing, kind }: Change, { before, after }: Schemas): ModelChangeEntry[] {
  const active = standing?.active;
  if (kind !== 'changed' || !active) return [];
  const old = documentOf(active.settings.modelsJsonSchema ?? before.get(active.deploymentId));
  const now = documentOf(definition.settings.modelsJsonSchema ?? after);
  return usedModels(definition.settings, definition.type).flatMap(({ model, use }) =>
    compareModels(model, old, now, use).map((change) => ({ providerConfigKey: definition.providerConfigKey, model, use, ...change })),
  );
}

/** The input of a sync is its connection's metadata, which nobody sends it. */
function usedModels({ models, input }: ScriptSettings, type: string): { model: string; use: ModelUse }[] {
  const outputs = models.map((model) => ({ model, use: 'output' as const }));
  const name = typeof input === 'string' ? input : typeof input === 'object' && input !== null && 'name' in input ? String(input.name) : null;
  return type === 'action' && name !== null ? [...outputs, { model: name, use: 'input' }] : outputs;
}

// Whatever a deploy brought: what has no definitions has no models.
function documentOf(schema: unknown): SchemaDocument {
  return typeof schema === 'object' && schema !== null ? (schema as SchemaDocument) : {};
}
