import { Body, Controller, Delete, Get, Param, Patch, Query } from '@nestjs/common';
import { ConnectionListQuery, ConnectionPatch, type ConnectionSummary, type Revocation } from 'model';
import { z } from 'zod';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { ProxyClient } from '../proxy-pass/proxy-client.js';
import { ConnectionTarget, type TargetHeaders } from '../script/connection-target.decorator.js';
import { requireKey } from '../script/connection-target.service.js';
import { toSummary } from './connection-row.js';
import { ConnectionService } from './connection.service.js';

const flag = z
  .enum(['true', 'false', '1', '0', ''])
  .default('false')
  .transform((text) => text === 'true' || text === '1');
const Place = z.object({ provider_config_key: z.string().optional() });
const Reading = Place.extend({ force_refresh: flag, refresh_token: flag });

const mostConnections = 10_000;

@Controller(['connection', 'connections'])
export class ConnectionController {
  constructor(
    private readonly connections: ConnectionService,
    private readonly proxy: ProxyClient,
  ) {}

  @Get()
  async list(
    @EnvironmentId() environmentId: number,
    @Query({ schema: ConnectionListQuery }) query: ConnectionListQuery,
    @Query() raw: Record<string, unknown>,
  ): Promise<{ connections: ConnectionSummary[] }> {
    const { integrationId, limit = mostConnections, ...filter } = query;
    const found = await this.connections.list(environmentId, { ...filter, integrations: integrationId?.split(','), tags: tagsOf(raw), limit });
    return { connections: found.map(toSummary) };
  }

  /** With its credential, refreshed when it is near its end: only the proxy may reach the provider for that. */
  @Get(':connectionId')
  get(
    @EnvironmentId() environmentId: number,
    @ConnectionTarget() headers: TargetHeaders,
    @Param('connectionId') connectionId: string,
    @Query({ schema: Reading }) query: z.infer<typeof Reading>,
  ): Promise<unknown> {
    const providerConfigKey = requireKey(query.provider_config_key ?? headers.providerConfigKey);
    return this.proxy.connection({ environmentId, providerConfigKey, connectionId, forceRefresh: query.force_refresh, refreshToken: query.refresh_token });
  }

  @Patch(':connectionId')
  async patch(
    @EnvironmentId() environmentId: number,
    @ConnectionTarget() headers: TargetHeaders,
    @Param('connectionId') connectionId: string,
    @Query({ schema: Place }) query: z.infer<typeof Place>,
    @Body({ schema: ConnectionPatch }) patch: ConnectionPatch,
  ): Promise<{ success: true }> {
    await this.connections.patch(environmentId, requireKey(query.provider_config_key ?? headers.providerConfigKey), connectionId, patch);
    return { success: true };
  }

  @Delete(':connectionId')
  async delete(
    @EnvironmentId() environmentId: number,
    @ConnectionTarget() headers: TargetHeaders,
    @Param('connectionId') connectionId: string,
    @Query({ schema: Place }) query: z.infer<typeof Place>,
  ): Promise<{ success: true; revocation: Revocation['outcome'] }> {
    const { outcome } = await this.connections.delete(environmentId, requireKey(query.provider_config_key ?? headers.providerConfigKey), connectionId);
    return { success: true, revocation: outcome };
  }
}

/** `tags[key]=value`, as the query parser leaves it. */
function tagsOf(query: Record<string, unknown>): Record<string, string> {
  const tags = Object.entries(query).flatMap(([name, value]) => {
    const key = /^tags\[([^\]]+)\]$/.exec(name)?.[1];
    return key && typeof value === 'string' ? [[key.toLowerCase(), value]] : [];
  });
  return Object.fromEntries(tags);
}
