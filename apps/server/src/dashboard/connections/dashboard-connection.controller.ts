import { Body, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { type DashboardConnection, type DashboardConnectionDetail, NewDashboardConnection } from 'model/dashboard';
import { z } from 'zod';
import { EnvironmentId } from '../../access/environment-id.decorator.js';
import { DashboardController } from '../session/dashboard-route.decorator.js';
import { DashboardConnectionService } from './dashboard-connection.service.js';

const Id = z.coerce.number().int().positive().max(2_147_483_647);

@DashboardController('connections')
export class DashboardConnectionController {
  constructor(private readonly connections: DashboardConnectionService) {}

  @Get()
  async list(@EnvironmentId() environmentId: number): Promise<{ connections: DashboardConnection[] }> {
    return { connections: await this.connections.list(environmentId) };
  }

  @Get(':id')
  detail(@EnvironmentId() environmentId: number, @Param('id', { schema: Id }) id: number): Promise<DashboardConnectionDetail> {
    return this.connections.detail(environmentId, id);
  }

  @Post()
  create(
    @EnvironmentId() environmentId: number,
    @Body({ schema: NewDashboardConnection }) request: NewDashboardConnection,
  ): Promise<DashboardConnectionDetail> {
    return this.connections.create(environmentId, request);
  }

  @Delete(':id')
  @HttpCode(204)
  delete(@EnvironmentId() environmentId: number, @Param('id', { schema: Id }) id: number): Promise<void> {
    return this.connections.delete(environmentId, id);
  }
}
