import { HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { EnvironmentId } from '../../access/environment-id.decorator.js';
import { DashboardController } from '../session/dashboard-route.decorator.js';
import { DashboardSyncService } from './dashboard-sync.service.js';

const Id = z.uuid();

@DashboardController('syncs')
export class DashboardSyncController {
  constructor(private readonly syncs: DashboardSyncService) {}

  @Post(':id/trigger')
  @HttpCode(204)
  trigger(@EnvironmentId() environmentId: number, @Param('id', { schema: Id }) id: string): Promise<void> {
    return this.syncs.trigger(environmentId, id);
  }

  @Post(':id/pause')
  @HttpCode(204)
  pause(@EnvironmentId() environmentId: number, @Param('id', { schema: Id }) id: string): Promise<void> {
    return this.syncs.setState(environmentId, id, 'paused');
  }

  @Post(':id/start')
  @HttpCode(204)
  start(@EnvironmentId() environmentId: number, @Param('id', { schema: Id }) id: string): Promise<void> {
    return this.syncs.setState(environmentId, id, 'started');
  }
}
