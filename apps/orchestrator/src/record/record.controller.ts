import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import type { SaveAnswer } from 'model';
import { ExecutionTokenGuard, Running } from '../execution/execution-token.guard.js';
import { readSave } from './read-save.js';
import { RecordService } from './record.service.js';

/** Its bodies are taken as the bytes they come in: up to 100 MB, parsed here alone. */
export const recordsPath = '/execution/records';

@Controller(recordsPath)
@UseGuards(ExecutionTokenGuard)
export class RecordController {
  constructor(private readonly records: RecordService) {}

  @Post()
  @HttpCode(200)
  save(@Running() execution: RunningExecution, @Body() body: Buffer): Promise<SaveAnswer> {
    const { head, records } = readSave(body);
    return this.records.save(execution, head, records);
  }
}
