import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { type ChildAnswer, ChildRequest } from 'model';
import { ExecutionTokenGuard, Running } from '../execution/execution-token.guard.js';
import { ChildService } from './child.service.js';

@Controller('execution/children')
@UseGuards(ExecutionTokenGuard)
export class ChildController {
  constructor(private readonly children: ChildService) {}

  @Post()
  @HttpCode(200)
  open(@Running() execution: RunningExecution, @Body({ schema: ChildRequest }) request: ChildRequest): Promise<ChildAnswer> {
    return this.children.open(execution, request);
  }
}
