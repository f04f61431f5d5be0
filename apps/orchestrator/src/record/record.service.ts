import { Injectable } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { type SaveAnswer, type SaveHead, storedModel } from 'model';
import { ValidationService } from '../validation/validation.service.js';
import { RecordRepository } from './record.repository.js';
import { SaveTurns } from './save-turns.js';
import { SaveTargets } from './save-targets.service.js';
import { parseRecords } from './script-records.js';

@Injectable()
export class RecordService {
  readonly #turns = new SaveTurns();

  constructor(
    private readonly records: RecordRepository,
    private readonly targets: SaveTargets,
    private readonly validation: ValidationService,
  ) {}

  async save(execution: RunningExecution, { call, model, operation, tape, order, settled }: SaveHead, body: Uint8Array): Promise<SaveAnswer> {
    const target = await this.targets.of(execution, model);
    const records = parseRecords(body);
    if (operation === 'save') await this.validation.checkRecords(execution, model, records);
    const batch = {
      call,
      model: storedModel(model, target.variant),
      operation,
      records,
      tape: await this.records.seal(execution, tape),
      trackSeen: target.notesSeen && operation !== 'delete',
    };
    const save = (before?: Promise<void>): Promise<SaveAnswer> => this.records.save(execution, { ...batch, before });
    if (order === undefined) return save();
    return this.#turns.take(`${execution.executionId} ${execution.generation}`, { order, settled: settled ?? 0, model }, save);
  }
}
