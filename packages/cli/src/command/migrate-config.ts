import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ParsedIntegration } from 'manifest';
import { parseDocument } from 'yaml';
import { loadProject } from '../project/project.js';
import type { Terminal } from '../terminal.js';

/** Rewrites a nango.yaml of version 1 as version 2. Models and their comments stay as they are; endpoints are made up from names. */
export function migrateConfig(folder: string, terminal: Terminal): void {
  const { manifest } = loadProject(folder, terminal);
  if (manifest.yamlVersion === 'v2') {
    terminal.print('nango.yaml is of version 2 already.');
    return;
  }
  const file = join(folder, 'nango.yaml');
  const document = parseDocument(readFileSync(file, 'utf8'));
  document.set(
    'integrations',
    document.createNode(Object.fromEntries(manifest.integrations.map((integration) => [integration.providerConfigKey, migrated(integration)]))),
  );
  writeFileSync(file, document.toString({ lineWidth: 0 }));
  for (const { providerConfigKey, syncs, actions } of manifest.integrations) {
    const losing = [...syncs, ...actions].filter(({ attributes }) => Object.keys(attributes).length > 0);
    for (const { name } of losing)
      terminal.warn(`${providerConfigKey}/${name}: version 2 has no attributes, so nango.getFlowAttributes() is empty from now on; write them into the script`);
  }
  terminal.good(
    'nango.yaml is of version 2 now. Check the endpoints that were made up, and move scripts into <integration>/syncs and <integration>/actions when you like.',
  );
}

function migrated({ providerConfigKey, syncs, actions }: ParsedIntegration): Record<string, unknown> {
  const integration = providerConfigKey.replace(/[^a-zA-Z0-9-]/g, '-');
  return {
    ...(syncs.length > 0 ? { syncs: Object.fromEntries(syncs.map((sync) => [sync.name, migratedSync(sync, integration)])) } : {}),
    ...(actions.length > 0 ? { actions: Object.fromEntries(actions.map((action) => [action.name, migratedAction(action, integration)])) } : {}),
  };
}

function migratedSync(sync: ParsedIntegration['syncs'][number], integration: string): Record<string, unknown> {
  const endpoints = sync.output.map((model) => ({ method: 'GET', path: `/${integration}/${sync.name}${sync.output.length > 1 ? `/${model}` : ''}` }));
  return {
    ...(sync.description ? { description: sync.description } : {}),
    runs: sync.runs,
    output: one(sync.output),
    endpoint: one(endpoints),
    // Version 1 deletes what a run has not seen by the flag alone; in version 2 that needs a full sync.
    sync_type: sync.track_deletes ? 'full' : 'incremental',
    ...(sync.track_deletes ? { track_deletes: true } : {}),
    ...(sync.auto_start ? {} : { auto_start: false }),
    ...(sync.version ? { version: sync.version } : {}),
  };
}

function migratedAction(action: ParsedIntegration['actions'][number], integration: string): Record<string, unknown> {
  return {
    ...(action.description ? { description: action.description } : {}),
    ...(action.output ? { output: one(action.output) } : {}),
    endpoint: { method: 'POST', path: `/${integration}/${action.name}` },
    ...(action.version ? { version: action.version } : {}),
  };
}

function one<T>(items: T[]): T | T[] {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : items;
}
