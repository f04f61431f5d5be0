import type { Database, Prisma } from 'database';
import type { ScriptEndpoint, ScriptType } from 'model';
import type { StandingScript } from './deployment-diff.js';
import type { ScriptSettings } from './script-definition.js';

/** An integration that a deploy may name. */
export type DeployTarget = { id: number; uniqueKey: string; connections: number };

type Client = Pick<Database, 'integration' | 'script'>;

/** The integrations of an environment with the number of their living connections. */
export async function readTargets(client: Client, environmentId: number): Promise<DeployTarget[]> {
  const rows = await client.integration.findMany({
    where: { environmentId },
    select: { id: true, uniqueKey: true, _count: { select: { connections: { where: { deletedAt: null } } } } },
  });
  return rows.map(({ id, uniqueKey, _count }) => ({ id, uniqueKey, connections: _count.connections }));
}

/** Every script of an environment with its active version, those that were removed included. */
export async function readStanding(client: Client, environmentId: number): Promise<StandingScript[]> {
  const rows = await client.script.findMany({ where: { environmentId }, include: standingInclude, orderBy: { id: 'asc' } });
  return rows.map(toStanding);
}

/** The JSON schemas of the deployments that active versions come from. */
export async function readSchemas(client: Pick<Database, 'deployment'>, environmentId: number): Promise<Map<number, unknown>> {
  const rows = await client.deployment.findMany({
    where: { environmentId, versions: { some: { activeOf: { isNot: null } } } },
    select: { id: true, jsonSchema: true },
  });
  return new Map(rows.map(({ id, jsonSchema }) => [id, jsonSchema]));
}

const standingInclude = {
  integration: { select: { uniqueKey: true } },
  activeVersion: { omit: { source: true } },
  _count: { select: { syncs: { where: { state: { not: 'deleted' }, variant: 'base' } } } },
} as const satisfies Prisma.ScriptInclude;

type Row = Prisma.ScriptGetPayload<{ include: typeof standingInclude }>;

function toStanding(row: Row): StandingScript {
  const { id, name, enabled, integration, activeVersion: active } = row;
  return {
    id,
    name,
    enabled,
    providerConfigKey: integration.uniqueKey,
    type: row.type as ScriptType, // only deploys write it
    connections: row._count.syncs,
    active: active && {
      id: active.id,
      version: active.version,
      bundleHash: active.bundleHash,
      createdAt: active.createdAt,
      deploymentId: active.deploymentId,
      settings: toSettings(active),
    },
  };
}

function toSettings(version: NonNullable<Row['activeVersion']>): ScriptSettings {
  const { runs, intervalMs, cron, trackDeletes, autoStart, models, input, modelSchema, modelsJsonSchema, description, scopes, webhookSubscriptions, events } =
    version;
  return {
    runs,
    intervalMs,
    cron,
    syncType: version.syncType === 'incremental' ? 'incremental' : 'full',
    trackDeletes,
    autoStart,
    models,
    input,
    modelSchema,
    modelsJsonSchema: modelsJsonSchema as Record<string, unknown> | null, // only deploys write it
    endpoints: version.endpoints as ScriptEndpoint[], // only deploys write it
    attributes: version.attributes as Record<string, unknown>,
    description,
    scopes,
    webhookSubscriptions,
    events,
  };
}
