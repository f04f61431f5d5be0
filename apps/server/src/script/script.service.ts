import { Injectable } from '@nestjs/common';
import { type ActionTool, AppError, type IntegrationScripts, type ScriptsConfigQuery } from 'model';
import { toActionTool } from './action-tool.js';
import { ScriptRepository } from './script.repository.js';

@Injectable()
export class ScriptService {
  constructor(private readonly scripts: ScriptRepository) {}

  /** What is deployed; as tools of a language model, the enabled actions alone. */
  async config(environmentId: number, { format }: ScriptsConfigQuery): Promise<IntegrationScripts[] | { data: ActionTool[] }> {
    const integrations = await this.scripts.list(environmentId);
    if (format === 'nango') return integrations;
    return { data: integrations.flatMap(({ actions }) => actions.filter(({ enabled }) => enabled).map(toActionTool)) };
  }

  /** One integration's scripts; none where nothing is deployed for it. */
  async ofIntegration(environmentId: number, providerConfigKey: string): Promise<Pick<IntegrationScripts, 'syncs' | 'actions' | 'on-events'>> {
    const integrations = await this.scripts.list(environmentId);
    return integrations.find((integration) => integration.providerConfigKey === providerConfigKey) ?? { syncs: [], actions: [], 'on-events': [] };
  }

  async attributes(
    environmentId: number,
    { sync_name: name, provider_config_key: key }: { sync_name: string; provider_config_key: string },
  ): Promise<Record<string, unknown>> {
    const attributes = await this.scripts.attributes(environmentId, key, name);
    if (!attributes) throw new AppError('unknown_sync', { message: `No sync or action '${name}' is deployed for the integration '${key}'` });
    return attributes;
  }

  /** The integration of a script; the first one where several have a script of this name. */
  async integrationOf(environmentId: number, name: string): Promise<string> {
    const [key] = await this.scripts.integrationsOf(environmentId, name);
    if (!key) throw new AppError('unknown_sync', { message: `No sync or action '${name}' is deployed` });
    return key;
  }

  syncNames(environmentId: number): Promise<string[]> {
    return this.scripts.syncNames(environmentId);
  }
}
