import { isDeepStrictEqual } from 'node:util';
import type { ScriptType } from 'model';
import { scriptKey, type ScriptDefinition, type ScriptSettings } from './script-definition.js';

/** A script of the environment as it stands; without `active` it was deployed once and removed since. */
export type StandingScript = {
  id: number;
  providerConfigKey: string;
  type: ScriptType;
  name: string;
  enabled: boolean;
  /** Connections that the script runs for. */
  connections: number;
  active: StandingVersion | null;
};
export type StandingVersion = { id: number; version: string; bundleHash: string; createdAt: Date; deploymentId: number; settings: ScriptSettings };

/** What becomes of one script of a deploy. */
export type Change = { definition: ScriptDefinition; standing: StandingScript | null; kind: 'new' | 'changed' | 'unchanged' };

/** What a deploy does to an environment. */
export type DeploymentDiff = { changes: Change[]; removed: StandingScript[]; deletedModels: string[] };

/** Which kinds a deploy speaks for completely; a deploy of a single script speaks for none, and one without events leaves them alone. */
export type DiffScope = { flows: boolean; events: boolean };

/** Compares what is wanted with what stands. */
export function diffDeployment(definitions: ScriptDefinition[], standing: StandingScript[], scope: DiffScope): DeploymentDiff {
  const byKey = new Map(standing.map((script) => [scriptKey(script), script]));
  const wanted = new Set(definitions.map(scriptKey));
  const changes = definitions.map((definition): Change => {
    const found = byKey.get(scriptKey(definition)) ?? null;
    return { definition, standing: found, kind: kindOf(definition, found?.active ?? null) };
  });
  const removed = standing.filter((script) => script.active && !wanted.has(scriptKey(script)) && (script.type === 'on-event' ? scope.events : scope.flows));
  return { changes, removed, deletedModels: scope.flows ? deletedModels(definitions, standing) : [] };
}

/** The version that follows: `3` after `2`, `1.2.4` after `1.2.3`, `1` first. */
export function nextVersion(previous: string | undefined): string {
  const parts = /^(.*?)(\d+)$/.exec(previous ?? '0');
  return parts ? `${parts[1]}${Number(parts[2]) + 1}` : '1';
}

function kindOf(definition: ScriptDefinition, active: StandingVersion | null): Change['kind'] {
  if (!active) return 'new';
  const same = active.bundleHash === definition.bundleHash && (definition.version === null || definition.version === active.version);
  return same && isDeepStrictEqual(active.settings, plain(definition.settings)) ? 'unchanged' : 'changed';
}

// As it comes back from the database: no undefined, no key order.
function plain(settings: ScriptSettings): unknown {
  return JSON.parse(JSON.stringify(settings));
}

function deletedModels(definitions: ScriptDefinition[], standing: StandingScript[]): string[] {
  const kept = new Set(definitions.filter(({ type }) => type === 'sync').flatMap(({ settings }) => settings.models));
  const before = standing.filter(({ type, active }) => type === 'sync' && active).flatMap(({ active }) => active?.settings.models ?? []);
  return [...new Set(before)].filter((model) => !kept.has(model)).toSorted();
}
