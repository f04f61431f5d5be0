import { Body, Delete, Get, Param, Put } from '@nestjs/common';
import { type ConnectionRateLimit, RateLimitSetting } from 'model';
import { EnvironmentId } from '../../access/environment-id.decorator.js';
import { ConnectionService } from '../../connection/connection.service.js';
import { RateLimitService } from '../../rate-limit/rate-limit.service.js';
import { DashboardController } from '../session/dashboard-route.decorator.js';
import { ConnectionNumber } from './connection-number.js';

@DashboardController('connections/:id/rate-limit')
export class DashboardRateLimitController {
  constructor(
    private readonly connections: ConnectionService,
    private readonly limits: RateLimitService,
  ) {}

  @Get()
  async get(@EnvironmentId() environmentId: number, @Param('id', { schema: ConnectionNumber }) id: number): Promise<ConnectionRateLimit> {
    await this.connections.requireById(environmentId, id);
    return this.limits.ofConnection(environmentId, id);
  }

  @Put()
  async set(
    @EnvironmentId() environmentId: number,
    @Param('id', { schema: ConnectionNumber }) id: number,
    @Body({ schema: RateLimitSetting }) setting: RateLimitSetting,
  ): Promise<ConnectionRateLimit> {
    await this.connections.requireById(environmentId, id);
    return this.limits.setForConnection(environmentId, id, setting);
  }

  @Delete()
  async clear(@EnvironmentId() environmentId: number, @Param('id', { schema: ConnectionNumber }) id: number): Promise<ConnectionRateLimit> {
    await this.connections.requireById(environmentId, id);
    return this.limits.setForConnection(environmentId, id, null);
  }
}
