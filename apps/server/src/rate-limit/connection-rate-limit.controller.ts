import { Body, Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { type ConnectionRateLimit, RateLimitSetting } from 'model';
import { z } from 'zod';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { ConnectionService } from '../connection/connection.service.js';
import { requireKey } from '../script/connection-target.service.js';
import { RateLimitService } from './rate-limit.service.js';

const Place = z.object({ provider_config_key: z.string().optional() });
type Place = z.infer<typeof Place>;

@Controller(['connection/:connectionId/rate-limit', 'connections/:connectionId/rate-limit'])
export class ConnectionRateLimitController {
  constructor(
    private readonly connections: ConnectionService,
    private readonly limits: RateLimitService,
  ) {}

  @Get()
  async get(
    @EnvironmentId() environmentId: number,
    @Param('connectionId') connectionId: string,
    @Query({ schema: Place }) place: Place,
  ): Promise<{ data: ConnectionRateLimit }> {
    return { data: await this.limits.ofConnection(environmentId, await this.idOf(environmentId, connectionId, place)) };
  }

  @Put()
  async set(
    @EnvironmentId() environmentId: number,
    @Param('connectionId') connectionId: string,
    @Query({ schema: Place }) place: Place,
    @Body({ schema: RateLimitSetting }) setting: RateLimitSetting,
  ): Promise<{ data: ConnectionRateLimit }> {
    return { data: await this.limits.setForConnection(environmentId, await this.idOf(environmentId, connectionId, place), setting) };
  }

  @Delete()
  async clear(
    @EnvironmentId() environmentId: number,
    @Param('connectionId') connectionId: string,
    @Query({ schema: Place }) place: Place,
  ): Promise<{ data: ConnectionRateLimit }> {
    return { data: await this.limits.setForConnection(environmentId, await this.idOf(environmentId, connectionId, place), null) };
  }

  private async idOf(environmentId: number, connectionId: string, { provider_config_key }: Place): Promise<number> {
    return (await this.connections.require(environmentId, requireKey(provider_config_key), connectionId)).id;
  }
}
