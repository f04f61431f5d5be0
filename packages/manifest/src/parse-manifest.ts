import { checkIntegration } from './checks.js';
import { readIntegrationV1 } from './integration-v1.js';
import { readIntegrationV2 } from './integration-v2.js';
import type { LocatedIntegration } from './located.js';
import type { ParsedIntegration, ParsedManifest } from './manifest.js';
import { ModelReader } from './model-reader.js';
import { type Place, YamlSource } from './place.js';
import type { ManifestProblem } from './problem.js';
import { checkIntegrationId } from './script-fields.js';

const rootKeys = new Set(['integrations', 'models']);

/** What came of reading a nango.yaml. `manifest` is null when a problem is an error; warnings do not stand in its way. */
export type ManifestReading = { manifest: ParsedManifest | null; problems: ManifestProblem[] };

/**
 * Reads the text of a nango.yaml, of either version (surface 2).
 *
 * @param options `file` is the name shown in problems; `folderName` is what an integration called `${PWD}` stands for
 */
export function parseManifest(text: string, { file = 'nango.yaml', folderName = '' } = {}): ManifestReading {
  const source = new YamlSource(text, file);
  const manifest = source.problems.length > 0 ? null : read(source, folderName);
  const failed = source.problems.some(({ severity }) => severity === 'error');
  return { manifest: failed ? null : manifest, problems: source.problems };
}

function read(source: YamlSource, folderName: string): ParsedManifest | null {
  const { root } = source;
  const integrations = root.at('integrations');
  if (!integrations?.isMap) {
    (integrations ?? root).error('missing_integrations', `nango.yaml needs 'integrations', a map of integration ids to their scripts`);
    return null;
  }
  const yamlVersion = versionOf(integrations);
  if (yamlVersion === 'v2') {
    for (const { key, name } of root.entries())
      if (!rootKeys.has(key)) name.error('unknown_key', `'${key}' is not known; nango.yaml has integrations and models`);
  }
  const models = new ModelReader(root.at('models'));
  const located = integrations.entries().flatMap(({ key, value, name }) => {
    const id = key === '${PWD}' ? folderName : key;
    if (!checkIntegrationId(id, name)) return [];
    if (!value.isMap) value.error('wrong_type', `the integration '${id}' holds no script; write its syncs and actions below it`);
    return [yamlVersion === 'v1' ? readIntegrationV1(id, value, models) : readIntegrationV2(id, value, models)];
  });
  for (const integration of located) checkIntegration(integration, models, yamlVersion);
  return { yamlVersion, integrations: located.map(withoutPlaces), models: models.all() };
}

// The first integration decides for all of them.
function versionOf(integrations: Place): 'v1' | 'v2' {
  const keys =
    integrations
      .entries()[0]
      ?.value.entries()
      .map(({ key }) => key) ?? [];
  return keys.some((key) => ['syncs', 'actions', 'on-events'].includes(key)) ? 'v2' : 'v1';
}

function withoutPlaces({ syncs, actions, ...rest }: LocatedIntegration): ParsedIntegration {
  return { ...rest, syncs: syncs.map(({ script }) => script), actions: actions.map(({ script }) => script) };
}
