import { Body, Controller, Get, Header, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { type FinishAnswer, FinishRequest } from 'model';
import { FinishService } from '../finish/finish.service.js';
import { AlsoEnded, ExecutionTokenGuard, Running } from './execution-token.guard.js';
import { ExecutionService } from './execution.service.js';

@Controller('execution')
@UseGuards(ExecutionTokenGuard)
export class RunningExecutionController {
  constructor(
    private readonly executions: ExecutionService,
    private readonly finishes: FinishService,
  ) {}

  @Get('bundle')
  @Header('content-type', 'text/plain; charset=utf-8')
  bundle(@Running() execution: RunningExecution): Promise<string> {
    return this.executions.bundle(execution);
  }

  // Asked again when its answer was lost: then it says how the execution ended.
  @Post('finish')
  @HttpCode(200)
  @AlsoEnded(true)
  finish(@Running() execution: RunningExecution, @Body({ schema: FinishRequest }) request: FinishRequest): Promise<FinishAnswer> {
    return this.finishes.finish(execution, request);
  }
}
