import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { LogRequest } from 'model';
import { ExecutionTokenGuard, Running } from '../execution/execution-token.guard.js';
import { OperationLogService } from './operation-log.service.js';

@Controller('execution/logs')
@UseGuards(ExecutionTokenGuard)
export class OperationLogController {
  constructor(private readonly logs: OperationLogService) {}

  @Post()
  @HttpCode(204)
  write(@Running() execution: RunningExecution, @Body({ schema: LogRequest }) request: LogRequest): Promise<void> {
    return this.logs.write(execution, request);
  }
}
