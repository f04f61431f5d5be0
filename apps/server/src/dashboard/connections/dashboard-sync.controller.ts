import { Body, HttpCode, Param, Post, Put } from '@nestjs/common';
import { DashboardSyncFrequency, DashboardSyncTrigger } from 'model/dashboard';
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
  trigger(
    @EnvironmentId() environmentId: number,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: DashboardSyncTrigger }) options: DashboardSyncTrigger,
  ): Promise<void> {
    return this.syncs.trigger(environmentId, id, options);
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

  @Post(':id/cancel')
  @HttpCode(204)
  cancel(@EnvironmentId() environmentId: number, @Param('id', { schema: Id }) id: string): Promise<void> {
    return this.syncs.cancel(environmentId, id);
  }

  @Put(':id/frequency')
  @HttpCode(204)
  setFrequency(
    @EnvironmentId() environmentId: number,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: DashboardSyncFrequency }) { frequency }: DashboardSyncFrequency,
  ): Promise<void> {
    return this.syncs.setFrequency(environmentId, id, frequency);
  }
}
