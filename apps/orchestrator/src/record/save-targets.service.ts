import { Injectable } from '@nestjs/common';
import type { CallSite, RunningExecution } from 'journal/postgres';
import { AppError, Recent } from 'model';
import { type SaveTarget, SaveTargetRepository } from './save-target.repository.js';

/** What scripts may save to. */
@Injectable()
export class SaveTargets {
  // Fixed with a script's version: asked once an execution.
  readonly #known = new Recent<string, SaveTarget>(1_000);

  constructor(private readonly repository: SaveTargetRepository) {}

  /** @throws AppError `unknown_model` when the script does not declare the model */
  async of(execution: RunningExecution, model: string, client?: CallSite['client']): Promise<SaveTarget> {
    const target = this.#known.get(execution.executionId) ?? (await this.read(execution, client));
    if (!target.models.includes(model)) throw unknownModel(model, target.models);
    return target;
  }

  private async read(execution: RunningExecution, client?: CallSite['client']): Promise<SaveTarget> {
    const target = await this.repository.read(execution, client);
    if (!target) throw new AppError('unknown_execution', { message: 'Its script is gone' });
    return this.#known.set(execution.executionId, target);
  }
}

function unknownModel(model: string, declared: string[]): AppError {
  return new AppError('unknown_model', {
    message: `'${model}' is not a model of this script; it declares ${declared.join(', ') || 'none'}`,
    payload: { model, declared },
  });
}
