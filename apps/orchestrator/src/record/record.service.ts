import { Injectable } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { AppError, type SaveAnswer, type SaveHead } from 'model';
import { Recent } from '../platform/recent.js';
import { RecordRepository } from './record.repository.js';
import { SaveTurns } from './save-turns.js';
import { type SaveTarget, SaveTargetRepository } from './save-target.repository.js';
import { parseRecords, storedModel } from './script-records.js';

@Injectable()
export class RecordService {
  readonly #turns = new SaveTurns();
  // What a script may save to is fixed with its version: asked once an execution.
  readonly #targets = new Recent<string, SaveTarget>(1_000);

  constructor(
    private readonly records: RecordRepository,
    private readonly targets: SaveTargetRepository,
  ) {}

  async save(execution: RunningExecution, { call, model, operation, tape, order, settled }: SaveHead, body: Uint8Array): Promise<SaveAnswer> {
    const target = await this.targetOf(execution);
    if (!target.models.includes(model)) throw unknownModel(model, target.models);
    const batch = {
      call,
      model: storedModel(model, target.variant),
      operation,
      records: parseRecords(body),
      tape: await this.records.seal(execution, tape),
      trackSeen: target.tracksDeletes && operation !== 'delete',
    };
    const save = (before?: Promise<void>): Promise<SaveAnswer> => this.records.save(execution, { ...batch, before });
    if (order === undefined) return save();
    return this.#turns.take(`${execution.executionId} ${execution.generation}`, { order, settled: settled ?? 0, model }, save);
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
