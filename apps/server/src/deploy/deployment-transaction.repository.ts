import { Prisma } from 'database';
import type { DeployRequest } from 'model';
import { randomUUID } from 'node:crypto';
import { createSyncRows, deleteSyncRows, notifySyncs } from '../sync/sync-rows.repository.js';
import type { StandingScript } from './deployment-diff.js';
import type { ScriptDefinition } from './script-definition.js';
import { type DeployTarget, readStanding, readTargets } from './standing-scripts.repository.js';

/** A version as it was written. */
export type WrittenVersion = { scriptId: number; versionId: number; version: string; createdAt: Date };

/** One deploy's writes; all of them or none. */
export class DeploymentTransaction {
  constructor(
    private readonly tx: Prisma.TransactionClient,
    private readonly environmentId: number,
  ) {}

  /**
   * The environment's integrations, those of the deploy locked: a connection that is being made now is finished first and then seen by
   * {@link startSyncs}; one made later sees the new scripts. Neither is left without its syncs.
   */
  async lockedTargets(definitions: ScriptDefinition[]): Promise<DeployTarget[]> {
    const keys = [...new Set(definitions.map(({ providerConfigKey }) => providerConfigKey))];
    await this.tx.$queryRaw`select id from integration where environment_id = ${this.environmentId} and unique_key = any(${keys}) order by id for update`;
    return readTargets(this.tx, this.environmentId);
  }

  standing(): Promise<StandingScript[]> {
    return readStanding(this.tx, this.environmentId);
  }

  async addDeployment({ nangoYamlBody, jsonSchema }: DeployRequest): Promise<number> {
    const data = { environmentId: this.environmentId, nangoYaml: nangoYamlBody ?? null, jsonSchema: jsonOrNull(jsonSchema) };
    return (await this.tx.deployment.create({ data, select: { id: true } })).id;
  }

  async addBundles(definitions: ScriptDefinition[]): Promise<void> {
    const data = definitions.map(({ bundleHash, code }) => ({ environmentId: this.environmentId, hash: bundleHash, code }));
    await this.tx.bundle.createMany({ data, skipDuplicates: true });
  }

  async addVersion(
    definition: ScriptDefinition,
    place: { integrationId: number; deploymentId: number; version: string; scriptId: number | null },
  ): Promise<WrittenVersion> {
    const { environmentId } = this;
    const { integrationId, deploymentId, version } = place;
    const { type, name } = definition;
    const scriptId = place.scriptId ?? (await this.tx.script.create({ data: { environmentId, integrationId, type, name }, select: { id: true } })).id;
    const written = await this.tx.scriptVersion.create({
      data: { environmentId, scriptId, deploymentId, version, bundleHash: definition.bundleHash, source: definition.source, ...toColumns(definition) },
      select: { id: true, createdAt: true },
    });
    await this.tx.script.update({ where: { id: scriptId, environmentId }, data: { activeVersionId: written.id } });
    return { scriptId, versionId: written.id, version, createdAt: written.createdAt };
  }

  /** A script that comes back after its removal is enabled again. */
  async enable(scriptId: number): Promise<void> {
    await this.tx.script.update({ where: { id: scriptId, environmentId: this.environmentId }, data: { enabled: true } });
  }

  /** Makes the missing syncs of a script's connections. */
  async startSyncs(scriptId: number): Promise<void> {
    await createSyncRows(this.tx, { environmentId: this.environmentId, scriptId });
  }

  /** Has the schedules follow a changed interval, except where the connection has one of its own. */
  async reschedule(scriptId: number): Promise<void> {
    const rows = await this.tx.$queryRaw<{ id: string }[]>`
      update sync set schedule_revision = schedule_revision + 1
      where environment_id = ${this.environmentId} and script_id = ${scriptId} and frequency_ms is null and frequency_cron is null and state <> 'deleted'
      returning id::text`;
    await notifySyncs(
      this.tx,
      rows.map(({ id }) => id),
    );
  }

  /** The script stays, without an active version, until its syncs' schedules and records are gone. */
  async remove(scriptId: number): Promise<void> {
    await this.tx.script.update({ where: { id: scriptId, environmentId: this.environmentId }, data: { activeVersionId: null } });
    await deleteSyncRows(this.tx, { environmentId: this.environmentId, scriptId });
  }

  async addOperation(title: string, lines: string[]): Promise<void> {
    const { environmentId } = this;
    const [id, at] = [randomUUID(), new Date()];
    await this.tx.operation.create({ data: { id, environmentId, kind: 'deploy', title, status: 'success', startedAt: at, endedAt: at } });
    await this.tx.operationMessage.createMany({ data: lines.map((message) => ({ operationId: id, environmentId, at, level: 'info', message })) });
  }
}

function toColumns({ settings }: ScriptDefinition) {
  const { input, modelSchema, modelsJsonSchema, endpoints, attributes, ...columns } = settings;
  return {
    ...columns,
    input: jsonOrNull(input),
    modelSchema: json(modelSchema),
    modelsJsonSchema: jsonOrNull(modelsJsonSchema),
    endpoints: json(endpoints),
    attributes: json(attributes),
  };
}

// What was parsed from JSON is JSON.
function json(value: unknown): Prisma.InputJsonValue {
  return value as Prisma.InputJsonValue;
}

function jsonOrNull(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null || value === undefined ? Prisma.DbNull : json(value);
}
