import { Body, Controller, Get, Header, HttpCode, Post, Query, StreamableFile, UseGuards } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { type FinishAnswer, FinishRequest, JournalQuery, ParkRequest, type RunAnswer } from 'model';
import { FinishService } from '../finish/finish.service.js';
import { AttemptMaterialService } from './attempt-material.service.js';
import { AlsoEnded, ExecutionTokenGuard, Running } from './execution-token.guard.js';

@Controller('execution')
@UseGuards(ExecutionTokenGuard)
export class RunningExecutionController {
  constructor(
    private readonly material: AttemptMaterialService,
    private readonly finishes: FinishService,
  ) {}

  @Get('bundle')
  @Header('content-type', 'text/plain; charset=utf-8')
  bundle(@Running() execution: RunningExecution): Promise<string> {
    return this.material.bundle(execution);
  }

  // Asked again when its answer was lost: then it says how the execution ended.
  @Post('finish')
  @HttpCode(200)
  @AlsoEnded(true)
  finish(@Running() execution: RunningExecution, @Body({ schema: FinishRequest }) request: FinishRequest): Promise<FinishAnswer> {
    return this.finishes.finish(execution, request);
  }

  // As a finish, it is asked again when its answer was lost.
  @Post('park')
  @HttpCode(200)
  @AlsoEnded(true)
  park(@Running() execution: RunningExecution, @Body({ schema: ParkRequest }) request: ParkRequest): Promise<RunAnswer> {
    return this.finishes.park(execution, request);
  }

  @Get('journal')
  @Header('content-type', 'application/octet-stream')
  async journal(@Running() execution: RunningExecution, @Query({ schema: JournalQuery }) { after }: JournalQuery): Promise<StreamableFile> {
    return new StreamableFile(await this.material.journal(execution, after));
  }

  @Get('tape')
  @Header('content-type', 'text/plain; charset=utf-8')
  tape(@Running() execution: RunningExecution): Promise<string> {
    return this.material.tape(execution);
  }
}
