import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { IntegrationConfig, type ScriptConfig } from 'model';
import { z } from 'zod';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { ScriptService } from '../script/script.service.js';
import { toConfig } from './integration.answer.js';
import type { StoredIntegration } from './integration.repository.js';
import { IntegrationService } from './integration.service.js';

type Config = ReturnType<typeof toConfig>;
type ConfigSecrets = { auth_mode?: string; client_id?: string | null; client_secret?: string | null; scopes?: string | null };
type FullConfig = Config & ConfigSecrets & { created_at: string; syncs: ScriptConfig[]; actions: ScriptConfig[] };

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');
const Inclusion = z.object({ include_creds: flag });

/** The routes of integrations as they were called in the yaml era. */
@Controller('config')
export class ConfigController {
  constructor(
    private readonly integrations: IntegrationService,
    private readonly scripts: ScriptService,
  ) {}

  @Get()
  async list(@EnvironmentId() environmentId: number): Promise<{ configs: Config[] }> {
    const integrations = await this.integrations.list(environmentId);
    return { configs: integrations.map(toConfig) };
  }

  @Get(':key')
  async get(
    @EnvironmentId() environmentId: number,
    @Param('key') key: string,
    @Query({ schema: Inclusion }) query: z.infer<typeof Inclusion>,
  ): Promise<{ config: FullConfig }> {
    const integration = await this.integrations.require(environmentId, key, 404);
    const { syncs, actions } = await this.scripts.ofIntegration(environmentId, key);
    const secrets = query.include_creds ? await this.secrets(environmentId, integration) : {};
    return { config: { ...toConfig(integration), created_at: integration.createdAt.toISOString(), ...secrets, syncs, actions } };
  }

  @Post()
  @HttpCode(200)
  async create(@EnvironmentId() environmentId: number, @Body({ schema: IntegrationConfig }) config: IntegrationConfig): Promise<{ config: Config }> {
    return { config: toConfig(await this.integrations.createFromConfig(environmentId, config)) };
  }

  @Put()
  async change(@EnvironmentId() environmentId: number, @Body({ schema: IntegrationConfig }) config: IntegrationConfig): Promise<{ config: Config }> {
    return { config: toConfig(await this.integrations.changeFromConfig(environmentId, config)) };
  }

  @Delete(':key')
  @HttpCode(204)
  async delete(@EnvironmentId() environmentId: number, @Param('key') key: string): Promise<void> {
    await this.integrations.delete(environmentId, await this.integrations.require(environmentId, key, 404));
  }

  private async secrets(environmentId: number, integration: StoredIntegration): Promise<ConfigSecrets> {
    const app = await this.integrations.credentials(environmentId, integration);
    return {
      auth_mode: this.integrations.authMode(integration),
      client_id: app?.client_id ?? null,
      client_secret: app?.client_secret ?? null,
      scopes: app?.scopes ?? null,
    };
  }
}
