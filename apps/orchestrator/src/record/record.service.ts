import { Injectable } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { AppError, type SaveAnswer, type SaveHead } from 'model';
import { Recent } from '../platform/recent.js';
import { RecordRepository } from './record.repository.js';
import { type SaveTarget, SaveTargetRepository } from './save-target.repository.js';
import { parseRecords, storedModel } from './script-records.js';

@Injectable()
export class RecordService {
  // What a script may save to is fixed with its version: asked once an execution.
  readonly #targets = new Recent<string, SaveTarget>(1_000);

  constructor(
    private readonly records: RecordRepository,
    private readonly targets: SaveTargetRepository,
  ) {}

  async save(execution: RunningExecution, { call, model, operation }: SaveHead, body: Uint8Array): Promise<SaveAnswer> {
    const target = await this.targetOf(execution);
    if (!target.models.includes(model)) throw unknownModel(model, target.models);
    const records = parseRecords(body);
    return this.records.save(execution, {
      call,
      model: storedModel(model, target.variant),
      operation,
      records,
      trackSeen: target.tracksDeletes && operation !== 'delete',
    });
  }

  private async targetOf(execution: RunningExecution): Promise<SaveTarget> {
    const known = this.#targets.get(execution.executionId);
    if (known) return known;
    const target = await this.targets.read(execution);
    if (!target) throw new AppError('unknown_execution', { message: 'Its script is gone' });
    return this.#targets.set(execution.executionId, target);
  }
}

function unknownModel(model: string, declared: string[]): AppError {
  return new AppError('unknown_model', {
    message: `'${model}' is not a model of this script; it declares ${declared.join(', ') || 'none'}`,
    payload: { model, declared },
  });
}
