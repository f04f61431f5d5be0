import { Injectable } from '@nestjs/common';
import { Vault } from 'credentials';
import { executionPurposes, ExecutionStore, type RunningExecution, sealJson } from 'journal/postgres';
import { AppError, type ExecutionError, type ExecutionStatus, type FinishAnswer, type FinishRequest } from 'model';
import { ValidationService } from '../validation/validation.service.js';
import { FinishRepository } from './finish.repository.js';
import type { PlainEnding } from './plain-ending.js';

const interrupted: ExecutionError = {
  code: 'execution_interrupted',
  message: 'The run was interrupted. It may have written to the external API, so it is not run again.',
};
const lost: ExecutionError = { code: 'execution_interrupted', message: 'The run was lost: no runner brought it to an end.' };

@Injectable()
export class FinishService {
  constructor(
    private readonly executions: ExecutionStore,
    private readonly repository: FinishRepository,
    private readonly vault: Vault,
    private readonly validation: ValidationService,
  ) {}

  /**
   * Ends an execution as its runner says. Asked again, answers how it has ended.
   * @throws AppError `execution_fenced` when another attempt has taken over
   */
  async finish(execution: RunningExecution, request: FinishRequest): Promise<FinishAnswer> {
    const invalid = request.kind === 'succeeded' ? await this.validation.checkOutput(execution, request.output) : null;
    if (invalid) return this.refuse(execution, invalid);
    const error = request.kind === 'failed' ? request.error : null;
    const output = request.kind === 'succeeded' ? request.output : undefined;
    return this.end(execution, execution.generation, request.kind, { output, error });
  }

  /** Ends an execution whose input or output is not what it should be. */
  refuse(execution: RunningExecution, error: ExecutionError): Promise<FinishAnswer> {
    return this.end(execution, execution.generation, 'failed', { error });
  }

  /** Ends an execution whose earlier attempt was killed and must not be repeated. */
  interrupt(execution: RunningExecution): Promise<FinishAnswer> {
    return this.end(execution, execution.generation, 'failed', { error: interrupted });
  }

  /** Takes an execution from whoever may still run it, and ends it. Answers how it has ended if it had. */
  async closeLost(executionId: string, cancelled: boolean): Promise<FinishAnswer> {
    const execution = await this.executions.locate(executionId);
    if (!execution) return { status: 'lost' };
    return this.end(execution, null, cancelled ? 'cancelled' : 'lost', { error: cancelled ? null : lost });
  }

  private async end(
    execution: RunningExecution,
    generation: number | null,
    status: PlainEnding['status'],
    result: { output?: unknown; error: ExecutionError | null },
  ): Promise<FinishAnswer> {
    const { executionId, environmentId } = execution;
    const output = await sealJson(this.vault, environmentId, executionPurposes.output, result.output);
    const error = await sealJson(this.vault, environmentId, executionPurposes.error, result.error ?? undefined);
    const ended = await this.repository.end({ executionId, environmentId, generation, status, output, error, plainError: result.error });
    return { status: ended ? status : await this.endedStatus(executionId) };
  }

  private async endedStatus(executionId: string): Promise<ExecutionStatus> {
    const execution = await this.executions.locate(executionId);
    if (execution?.status === 'running') throw new AppError('execution_fenced', { message: 'Another attempt has taken over' });
    return execution?.status ?? 'lost';
  }
}
