import { Controller, Get, Header, Query } from '@nestjs/common';
import { type ActionTool, type IntegrationScripts, ScriptName, ScriptsConfigQuery } from 'model';
import { z } from 'zod';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { ScriptService } from './script.service.js';

const AttributesQuery = z.object({ sync_name: ScriptName, provider_config_key: z.string().min(1) });
const NameQuery = z.object({ syncName: ScriptName });

@Controller()
export class ScriptController {
  constructor(private readonly scripts: ScriptService) {}

  @Get(['scripts/config', 'flow/configs'])
  config(
    @EnvironmentId() environmentId: number,
    @Query({ schema: ScriptsConfigQuery }) query: ScriptsConfigQuery,
  ): Promise<IntegrationScripts[] | { data: ActionTool[] }> {
    return this.scripts.config(environmentId, query);
  }

  @Get('flow/attributes')
  attributes(
    @EnvironmentId() environmentId: number,
    @Query({ schema: AttributesQuery }) query: z.infer<typeof AttributesQuery>,
  ): Promise<Record<string, unknown>> {
    return this.scripts.attributes(environmentId, query);
  }

  @Get('sync/provider')
  @Header('content-type', 'text/plain; charset=utf-8')
  integrationOf(@EnvironmentId() environmentId: number, @Query({ schema: NameQuery }) query: z.infer<typeof NameQuery>): Promise<string> {
    return this.scripts.integrationOf(environmentId, query.syncName);
  }

  @Get('sync/names')
  syncNames(@EnvironmentId() environmentId: number): Promise<string[]> {
    return this.scripts.syncNames(environmentId);
  }
}
