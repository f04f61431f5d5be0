import { Body, Delete, Get, Param, Post } from '@nestjs/common';
import { type DashboardConnection, type DashboardConnectionDetail, type DeletedDashboardConnection, NewDashboardConnection } from 'model/dashboard';
import { EnvironmentId } from '../../access/environment-id.decorator.js';
import { DashboardController } from '../session/dashboard-route.decorator.js';
import { ConnectionNumber } from './connection-number.js';
import { DashboardConnectionService } from './dashboard-connection.service.js';

@DashboardController('connections')
export class DashboardConnectionController {
  constructor(private readonly connections: DashboardConnectionService) {}

  @Get()
  async list(@EnvironmentId() environmentId: number): Promise<{ connections: DashboardConnection[] }> {
    return { connections: await this.connections.list(environmentId) };
  }

  @Get(':id')
  detail(@EnvironmentId() environmentId: number, @Param('id', { schema: ConnectionNumber }) id: number): Promise<DashboardConnectionDetail> {
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
  delete(@EnvironmentId() environmentId: number, @Param('id', { schema: ConnectionNumber }) id: number): Promise<DeletedDashboardConnection> {
    return this.connections.delete(environmentId, id);
  }
}
