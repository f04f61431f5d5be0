import { Injectable } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import type { SaveAnswer, SaveHead } from 'model';
import { ValidationService } from '../validation/validation.service.js';
import { RecordRepository } from './record.repository.js';
import { SaveTargets } from './save-targets.service.js';
import { parseRecords, storedModel } from './script-records.js';

@Injectable()
export class RecordService {
  constructor(
    private readonly records: RecordRepository,
    private readonly targets: SaveTargets,
    private readonly validation: ValidationService,
  ) {}

  async save(execution: RunningExecution, { call, model, operation }: SaveHead, body: Uint8Array): Promise<SaveAnswer> {
    const target = await this.targets.of(execution, model);
    const records = parseRecords(body);
    if (operation === 'save') await this.validation.checkRecords(execution, model, records);
    return this.records.save(execution, {
      call,
      model: storedModel(model, target.variant),
      operation,
      records,
      trackSeen: target.notesSeen && operation !== 'delete',
    });
  }
}
