import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { type PlatformReply, PlatformRequest } from 'model';
import { ExecutionTokenGuard, Running } from '../execution/execution-token.guard.js';
import { PlatformCallService } from './platform-call.service.js';

@Controller('execution/calls')
@UseGuards(ExecutionTokenGuard)
export class PlatformCallController {
  constructor(private readonly calls: PlatformCallService) {}

  @Post()
  @HttpCode(200)
  perform(@Running() execution: RunningExecution, @Body({ schema: PlatformRequest }) request: PlatformRequest): Promise<PlatformReply> {
    return this.calls.perform(execution, request);
  }
}
