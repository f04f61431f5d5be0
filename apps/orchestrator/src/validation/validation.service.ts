import { Injectable } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { AppError, type ExecutionError, Recent, type ScriptRecord } from 'model';
import { createModelCheck, type ModelCheck, type Problem } from 'validation';
import { invalidRecords } from './invalid-records.js';
import { ValidationRepository, type ValidationRules } from './validation.repository.js';

/** A run that saves nothing but wrong records is told of it so many times. */
const mostWarnings = 5;
const mostProblems = 10;
const nothing: ValidationRules = { input: null, output: null, refuseInput: false, refuseOutput: false, refuseRecords: false };

/** Checks what goes in and out of scripts against their models: a wrong value is told in the log, or refused where the environment says so. */
@Injectable()
export class ValidationService {
  // Settings as they were when the execution was first seen here: a run is judged alike from its start to its end.
  readonly #rules = new Recent<string, ValidationRules>(2_000);
  readonly #checks = new Recent<number, ModelCheck>(200);
  readonly #warnings = new Recent<string, number>(2_000);

  constructor(private readonly repository: ValidationRepository) {}

  /** Tells the rules of a run that has just begun, read with the rest of what it needs. */
  learn({ executionId }: RunningExecution, rules: ValidationRules): ValidationRules {
    return this.#rules.get(executionId) ?? this.#rules.set(executionId, rules);
  }

  private async rulesOf(execution: RunningExecution): Promise<ValidationRules> {
    const known = this.#rules.get(execution.executionId);
    return known ?? this.#rules.set(execution.executionId, (await this.repository.rules(execution)) ?? nothing);
  }

  /** Answers the error that an action fails with instead of being run. */
  async checkInput(execution: RunningExecution, input: unknown): Promise<ExecutionError | null> {
    const { input: model, refuseInput: refuse } = await this.rulesOf(execution);
    return this.check(execution, { model, value: input, refuse, code: 'invalid_action_input', title: 'Invalid action input' });
  }

  /** Answers the error that an action fails with in place of its output. */
  async checkOutput(execution: RunningExecution, output: unknown): Promise<ExecutionError | null> {
    const { output: model, refuseOutput: refuse } = await this.rulesOf(execution);
    return this.check(execution, { model, value: output, refuse, code: 'invalid_action_output', title: 'Invalid action output' });
  }

  /** @throws AppError `invalid_sync_record` for the first wrong record, where such are refused */
  async checkRecords(execution: RunningExecution, model: string, records: ScriptRecord[]): Promise<void> {
    const { refuseRecords } = await this.rulesOf(execution);
    const key = `${execution.executionId}:${model}`;
    const told = this.#warnings.get(key) ?? 0;
    if (!refuseRecords && told >= mostWarnings) return;
    const sample = invalidRecords(await this.checkOf(execution), model, records, refuseRecords ? 1 : undefined);
    const [first] = sample;
    if (!first) return;
    if (refuseRecords) {
      const message = `Invalid record payload: the record '${first.id}' is no '${model}': ${first.path} ${first.message}`;
      throw new AppError('invalid_sync_record', { message, payload: { model, ...first } });
    }
    this.#warnings.set(key, told + 1);
    await this.repository.warn(execution, 'Invalid record payload', { model, sample });
  }

  private async check(
    execution: RunningExecution,
    { model, value, refuse, code, title }: { model: string | null; value: unknown; refuse: boolean; code: string; title: string },
  ): Promise<ExecutionError | null> {
    if (execution.kind !== 'action' || model === null) return null;
    const problems = (await this.checkOf(execution)).problems(model, value ?? null).slice(0, mostProblems);
    if (problems.length === 0) return null;
    if (refuse) return { code, message: `${title}: ${lineOf(problems)}`, payload: { model, errors: problems } };
    await this.repository.warn(execution, title, { model, errors: problems });
    return null;
  }

  private async checkOf(execution: RunningExecution): Promise<ModelCheck> {
    const known = this.#checks.get(execution.scriptVersionId);
    return known ?? this.#checks.set(execution.scriptVersionId, createModelCheck(await this.repository.schema(execution)));
  }
}

function lineOf(problems: Problem[]): string {
  return problems.map(({ path, message }) => `${path} ${message}`).join('; ');
}
