import { Injectable } from '@nestjs/common';
import { AppError, ConnectionEvent, type DeployedScript, type DeployedScriptChange, type DeployPlan, type DeployRequest, type ScriptType } from 'model';
import { type Change, diffDeployment, type DeploymentDiff, nextVersion, type StandingScript } from './deployment-diff.js';
import type { DeploymentTransaction, WrittenVersion } from './deployment-transaction.repository.js';
import { DeploymentRepository } from './deployment.repository.js';
import { modelChanges } from './model-changes.js';
import { definitionsOf, type ScriptDefinition, type ScriptSettings } from './script-definition.js';
import type { DeployTarget } from './standing-scripts.repository.js';

@Injectable()
export class DeploymentService {
  constructor(private readonly deployments: DeploymentRepository) {}

  /** What a deploy of this body would change; nothing is written. */
  async plan(environmentId: number, request: DeployRequest): Promise<DeployPlan> {
    const definitions = definitionsOf(request);
    const [targets, standing, schemas] = await Promise.all([
      this.deployments.targets(environmentId),
      this.deployments.standing(environmentId),
      this.deployments.schemas(environmentId),
    ]);
    const targetByKey = indexTargets(targets, definitions);
    const diff = diffDeployment(definitions, standing, scopeOf(request));
    return { ...toPlan(diff, targetByKey), modelChanges: modelChanges(diff.changes, { before: schemas, after: request.jsonSchema ?? {} }) };
  }

  /** Deploys all of the body or nothing of it. */
  deploy(environmentId: number, request: DeployRequest): Promise<DeployedScript[]> {
    const definitions = definitionsOf(request);
    return this.deployments.exclusively(environmentId, async (tx) => {
      const targetByKey = indexTargets(await tx.lockedTargets(definitions), definitions);
      const diff = diffDeployment(definitions, await tx.standing(), scopeOf(request));
      const deployed = await apply(tx, request, diff.changes, targetByKey);
      const removed = request.reconcile ? diff.removed : [];
      for (const script of removed) await tx.remove(script.id);
      await tx.addOperation(`Deploy of ${definitions.length} scripts`, operationLines(diff.changes, removed));
      return deployed;
    });
  }
}

function scopeOf({ singleDeployMode, onEventScriptsByProvider }: DeployRequest) {
  return { flows: !singleDeployMode, events: !singleDeployMode && Array.isArray(onEventScriptsByProvider) };
}

function indexTargets(targets: DeployTarget[], definitions: ScriptDefinition[]): Map<string, DeployTarget> {
  const byKey = new Map(targets.map((target) => [target.uniqueKey, target]));
  const unknown = [...new Set(definitions.map(({ providerConfigKey }) => providerConfigKey))].filter((key) => !byKey.has(key));
  if (unknown.length === 0) return byKey;
  const names = unknown.map((key) => `'${key}'`).join(', ');
  throw new AppError('unknown_provider_config', { message: `There is no integration ${names} in this environment`, payload: { providerConfigKeys: unknown } });
}

async function apply(tx: DeploymentTransaction, request: DeployRequest, changes: Change[], targets: Map<string, DeployTarget>): Promise<DeployedScript[]> {
  const moved = changes.filter(({ kind }) => kind !== 'unchanged');
  const deploymentId = await tx.addDeployment(request);
  await tx.addBundles(moved.map(({ definition }) => definition));
  const deployed: DeployedScript[] = [];
  for (const change of changes) {
    const target = targets.get(change.definition.providerConfigKey);
    if (target) deployed.push(await applyOne(tx, change, { integrationId: target.id, deploymentId }));
  }
  return deployed;
}

async function applyOne(tx: DeploymentTransaction, change: Change, place: { integrationId: number; deploymentId: number }): Promise<DeployedScript> {
  const { definition, standing, kind } = change;
  const active = standing?.active ?? null;
  if (kind === 'unchanged' && standing && active) {
    return toDeployed(definition, { scriptId: standing.id, versionId: active.id, version: active.version, createdAt: active.createdAt });
  }
  const version = definition.version ?? nextVersion(active?.version);
  const written = await tx.addVersion(definition, { ...place, version, scriptId: standing?.id ?? null });
  if (standing && !active) await tx.enable(standing.id);
  if (definition.type === 'sync') {
    await tx.startSyncs(written.scriptId);
    if (active && !isSameRhythm(active.settings, definition.settings)) await tx.reschedule(written.scriptId);
  }
  return toDeployed(definition, written);
}

function isSameRhythm(one: ScriptSettings, other: ScriptSettings): boolean {
  return one.intervalMs === other.intervalMs && one.cron === other.cron;
}

function toDeployed({ name, providerConfigKey, type, settings }: ScriptDefinition, written: WrittenVersion): DeployedScript {
  return {
    id: written.scriptId,
    name,
    syncName: name,
    sync_name: name,
    providerConfigKey,
    type,
    version: written.version,
    last_deployed: written.createdAt.toISOString(),
    input: settings.input,
    models: settings.models,
  };
}

function toPlan({ changes, removed, deletedModels }: DeploymentDiff, targets: Map<string, DeployTarget>): Omit<DeployPlan, 'modelChanges'> {
  const added = changes.filter(({ kind }) => kind === 'new').map(({ definition }) => definition);
  const addedOf = (type: ScriptType) => added.filter((definition) => definition.type === type);
  const removedOf = (type: ScriptType) => removed.filter((script) => script.type === type);
  const addition = ({ name, providerConfigKey, settings }: ScriptDefinition): DeployedScriptChange => ({
    name,
    providerConfigKey,
    auto_start: settings.autoStart,
    connections: targets.get(providerConfigKey)?.connections ?? 0,
  });
  return {
    newSyncs: addedOf('sync').map(addition),
    deletedSyncs: removedOf('sync').map(removal),
    newActions: addedOf('action').map(addition),
    deletedActions: removedOf('action').map(removal),
    newOnEventScripts: changes.flatMap(({ definition, standing }) => eventsBeyond(definition, definition.settings, standing?.active?.settings)),
    deletedOnEventScripts: [
      ...changes.flatMap(({ definition, standing }) => eventsBeyond(definition, standing?.active?.settings, definition.settings)),
      ...removed.flatMap((script) => eventsBeyond(script, script.active?.settings, undefined)),
    ],
    deletedModels,
  };
}

function removal({ id, name, providerConfigKey, enabled, connections, active }: StandingScript): DeployedScriptChange {
  return { id, name, providerConfigKey, enabled, connections, auto_start: active?.settings.autoStart ?? true };
}

/** A script's events in one version that are not in the other. */
function eventsBeyond(
  { name, providerConfigKey }: { name: string; providerConfigKey: string },
  settings: Pick<ScriptSettings, 'events'> | undefined,
  others: Pick<ScriptSettings, 'events'> | undefined,
): DeployPlan['newOnEventScripts'] {
  const beyond = (settings?.events ?? []).filter((event) => !others?.events.includes(event));
  return beyond.map((event) => ({ name, providerConfigKey, event: ConnectionEvent.parse(event) }));
}

function operationLines(changes: Change[], removed: StandingScript[]): string[] {
  const written = changes
    .filter(({ kind }) => kind !== 'unchanged')
    .map(({ definition, kind }) => `${kind}: ${definition.type} ${definition.providerConfigKey}/${definition.name}`);
  return [...written, ...removed.map(({ type, providerConfigKey, name }) => `removed: ${type} ${providerConfigKey}/${name}`)];
}
