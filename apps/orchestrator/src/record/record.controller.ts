import { Body, Controller, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { type SaveAnswer, SaveQuery } from 'model';
import { ExecutionTokenGuard, Running } from '../execution/execution-token.guard.js';
import { RecordService } from './record.service.js';

/** Its bodies are taken as the bytes they come in: up to 100 MB, parsed here alone. */
export const recordsPath = '/execution/records';

@Controller(recordsPath)
@UseGuards(ExecutionTokenGuard)
export class RecordController {
  constructor(private readonly records: RecordService) {}

  @Post()
  @HttpCode(200)
  save(@Running() execution: RunningExecution, @Query({ schema: SaveQuery }) query: SaveQuery, @Body() body: Buffer): Promise<SaveAnswer> {
    return this.records.save(execution, query, body);
  }
}
