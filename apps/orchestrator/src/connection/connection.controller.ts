import { Body, Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { type EnvironmentVariables, LastSyncDateRequest, MetadataRequest } from 'model';
import { ExecutionTokenGuard, Running } from '../execution/execution-token.guard.js';
import { ConnectionRepository } from './connection.repository.js';

@Controller('execution')
@UseGuards(ExecutionTokenGuard)
export class ConnectionController {
  constructor(private readonly connections: ConnectionRepository) {}

  @Post('metadata')
  @HttpCode(204)
  setMetadata(@Running() execution: RunningExecution, @Body({ schema: MetadataRequest }) request: MetadataRequest): Promise<void> {
    return this.connections.setMetadata(execution, request);
  }

  @Post('last-sync-date')
  @HttpCode(204)
  setLastSyncDate(@Running() execution: RunningExecution, @Body({ schema: LastSyncDateRequest }) request: LastSyncDateRequest): Promise<void> {
    return this.connections.requestSyncDate(execution, request);
  }

  @Get('environment-variables')
  environmentVariables(@Running() execution: RunningExecution): Promise<EnvironmentVariables> {
    return this.connections.environmentVariables(execution);
  }
}
