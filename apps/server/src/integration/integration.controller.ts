import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { type Integration, IntegrationPatch, type IntegrationWithSecrets, NewIntegration } from 'model';
import { z } from 'zod';
import { ConnectSessionAccess, CurrentConnectSession } from '../access/connect-session.decorator.js';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { allows } from '../connect/connect-access.service.js';
import type { StoredConnectSession } from '../connect/connect-session.repository.js';
import { IntegrationService } from './integration.service.js';

const Part = z.enum(['webhook', 'credentials']);
const parts = (value: unknown) => (typeof value === 'string' ? value.split(',') : value);
/** `include` once, repeatedly, with brackets, or with commas. */
const Inclusion = z
  .object({ include: z.preprocess(parts, z.array(Part)).default([]), 'include[]': z.preprocess(parts, z.array(Part)).default([]) })
  .transform((query) => new Set([...query.include, ...query['include[]']]));

@Controller('integrations')
export class IntegrationController {
  constructor(private readonly integrations: IntegrationService) {}

  /** To an end user, those that their session is for. */
  @Get()
  @ConnectSessionAccess('also')
  async list(@EnvironmentId() environmentId: number, @CurrentConnectSession() session: StoredConnectSession | undefined): Promise<{ data: Integration[] }> {
    const integrations = await this.integrations.list(environmentId);
    const shown = session ? integrations.filter(({ uniqueKey }) => allows(session.details, uniqueKey)) : integrations;
    return { data: shown.map((integration) => this.integrations.answer(integration)) };
  }

  @Get(':uniqueKey')
  async get(
    @EnvironmentId() environmentId: number,
    @Param('uniqueKey') uniqueKey: string,
    @Query({ schema: Inclusion }) include: z.infer<typeof Inclusion>,
  ): Promise<{ data: IntegrationWithSecrets }> {
    const integration = await this.integrations.require(environmentId, uniqueKey, 404);
    return {
      data: {
        ...this.integrations.answer(integration),
        ...(include.has('webhook') ? { webhook_url: await this.integrations.webhookUrl(environmentId, integration) } : {}),
        ...(include.has('credentials') ? { credentials: await this.integrations.credentials(environmentId, integration) } : {}),
      },
    };
  }

  @Post()
  @HttpCode(200)
  async create(@EnvironmentId() environmentId: number, @Body({ schema: NewIntegration }) request: NewIntegration): Promise<{ data: Integration }> {
    return { data: this.integrations.answer(await this.integrations.create(environmentId, request)) };
  }

  @Patch(':uniqueKey')
  async change(
    @EnvironmentId() environmentId: number,
    @Param('uniqueKey') uniqueKey: string,
    @Body({ schema: IntegrationPatch }) patch: IntegrationPatch,
  ): Promise<{ data: Integration }> {
    const integration = await this.integrations.require(environmentId, uniqueKey, 404);
    return { data: this.integrations.answer(await this.integrations.change(environmentId, integration, patch)) };
  }

  @Delete(':uniqueKey')
  async delete(@EnvironmentId() environmentId: number, @Param('uniqueKey') uniqueKey: string): Promise<{ success: true }> {
    await this.integrations.delete(environmentId, await this.integrations.require(environmentId, uniqueKey, 404));
    return { success: true };
  }
}
