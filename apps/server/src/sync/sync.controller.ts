import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { SyncCommand, SyncFrequencyUpdate, type SyncStatus, SyncStatusQuery, SyncTrigger } from 'model';
import { z } from 'zod';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { ConnectionTarget, type TargetHeaders } from '../script/connection-target.decorator.js';
import { SyncService } from './sync.service.js';

const Deletion = z.object({ connection_id: z.string().min(1), provider_config_key: z.string().min(1) });
type Done = { success: true };
const done: Done = { success: true };

@Controller('sync')
export class SyncController {
  constructor(private readonly syncs: SyncService) {}

  @Post('trigger')
  @HttpCode(200)
  async trigger(
    @EnvironmentId() environmentId: number,
    @ConnectionTarget() headers: TargetHeaders,
    @Body({ schema: SyncTrigger }) request: SyncTrigger,
  ): Promise<Done> {
    await this.syncs.trigger(environmentId, headers, request);
    return done;
  }

  @Post('pause')
  @HttpCode(200)
  async pause(
    @EnvironmentId() environmentId: number,
    @ConnectionTarget() headers: TargetHeaders,
    @Body({ schema: SyncCommand }) request: SyncCommand,
  ): Promise<Done> {
    await this.syncs.setState(environmentId, headers, request, 'paused');
    return done;
  }

  @Post('start')
  @HttpCode(200)
  async start(
    @EnvironmentId() environmentId: number,
    @ConnectionTarget() headers: TargetHeaders,
    @Body({ schema: SyncCommand }) request: SyncCommand,
  ): Promise<Done> {
    await this.syncs.setState(environmentId, headers, request, 'started');
    return done;
  }

  @Post('cancel')
  @HttpCode(200)
  async cancel(
    @EnvironmentId() environmentId: number,
    @ConnectionTarget() headers: TargetHeaders,
    @Body({ schema: SyncCommand }) request: SyncCommand,
  ): Promise<Done> {
    await this.syncs.cancel(environmentId, headers, request);
    return done;
  }

  @Get('status')
  async status(@EnvironmentId() environmentId: number, @Query({ schema: SyncStatusQuery }) query: SyncStatusQuery): Promise<{ syncs: SyncStatus[] }> {
    return { syncs: await this.syncs.status(environmentId, query) };
  }

  @Put('update-connection-frequency')
  async setFrequency(
    @EnvironmentId() environmentId: number,
    @Body({ schema: SyncFrequencyUpdate }) request: SyncFrequencyUpdate,
  ): Promise<{ frequency: string }> {
    return { frequency: await this.syncs.setFrequency(environmentId, request) };
  }

  @Delete(':syncId')
  @HttpCode(204)
  delete(
    @EnvironmentId() environmentId: number,
    @Param('syncId', { schema: z.uuid() }) syncId: string,
    @Query({ schema: Deletion }) query: z.infer<typeof Deletion>,
  ): Promise<void> {
    return this.syncs.delete(environmentId, syncId, { providerConfigKey: query.provider_config_key, connectionId: query.connection_id });
  }
}
