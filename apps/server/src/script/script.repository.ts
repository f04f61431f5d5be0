import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';
import type { IntegrationScripts } from 'model';
import { isObject } from './referenced-schema.js';
import { toIntegrationScripts } from './script-config.js';

const deployed = { activeVersionId: { not: null } } as const;

@Injectable()
export class ScriptRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Integrations that have scripts, with these. */
  async list(environmentId: number): Promise<IntegrationScripts[]> {
    const integrations = await this.database.integration.findMany({
      where: { environmentId, scripts: { some: deployed } },
      include: { scripts: { where: deployed, include: { activeVersion: { omit: { source: true } } }, orderBy: { name: 'asc' } } },
      orderBy: { uniqueKey: 'asc' },
    });
    const versions = integrations.flatMap(({ scripts }) => scripts.flatMap(({ activeVersion }) => activeVersion ?? []));
    const schemas = await this.schemas(environmentId, [...new Set(versions.map(({ deploymentId }) => deploymentId))]);
    return integrations.map(({ scripts, ...integration }) => {
      const rows = scripts.flatMap(({ activeVersion: version, ...script }) =>
        version ? [{ ...script, version, jsonSchema: schemas.get(version.deploymentId) ?? null }] : [],
      );
      return toIntegrationScripts(integration, rows);
    });
  }

  /** The `attributes` of a deployed sync or action; null when there is none of this name. */
  async attributes(environmentId: number, providerConfigKey: string, name: string): Promise<Record<string, unknown> | null> {
    const script = await this.database.script.findFirst({
      where: { environmentId, name, type: { in: ['sync', 'action'] }, integration: { uniqueKey: providerConfigKey }, ...deployed },
      select: { activeVersion: { select: { attributes: true } } },
      orderBy: { type: 'desc' },
    });
    if (!script) return null;
    const attributes = script.activeVersion?.attributes;
    return isObject(attributes) ? attributes : {};
  }

  /** The keys of the integrations that have a sync or action of this name. */
  async integrationsOf(environmentId: number, name: string): Promise<string[]> {
    const rows = await this.database.script.findMany({
      where: { environmentId, name, type: { in: ['sync', 'action'] }, ...deployed },
      select: { integration: { select: { uniqueKey: true } } },
      orderBy: [{ type: 'desc' }, { id: 'asc' }],
    });
    return rows.map(({ integration }) => integration.uniqueKey);
  }

  async syncNames(environmentId: number): Promise<string[]> {
    const rows = await this.database.script.findMany({
      where: { environmentId, type: 'sync', ...deployed },
      select: { name: true },
      distinct: ['name'],
      orderBy: { name: 'asc' },
    });
    return rows.map(({ name }) => name);
  }

  private async schemas(environmentId: number, ids: number[]): Promise<Map<number, Record<string, unknown>>> {
    const rows = await this.database.deployment.findMany({ where: { environmentId, id: { in: ids } }, select: { id: true, jsonSchema: true } });
    return new Map(rows.flatMap(({ id, jsonSchema }) => (isObject(jsonSchema) ? [[id, jsonSchema] as const] : [])));
  }
}
