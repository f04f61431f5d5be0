import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { type BeginAnswer, BeginRequest } from 'model';
import { requireService } from 'service';
import { z } from 'zod';
import { ExecutionService } from './execution.service.js';

@Controller('executions')
@UseGuards(requireService('runner'))
export class ExecutionController {
  constructor(private readonly executions: ExecutionService) {}

  @Post(':id/begin')
  @HttpCode(200)
  begin(@Param('id', { schema: z.uuid() }) id: string, @Body({ schema: BeginRequest }) request: BeginRequest): Promise<BeginAnswer> {
    return this.executions.begin(id, request);
  }
}
