import { Injectable } from '@nestjs/common';
import { Vault } from 'credentials';
import { executionPurposes, ExecutionStore, type RunningExecution, sealJson } from 'journal/postgres';
import { AppError, type ExecutionError, type ExecutionStatus, type FinishAnswer, type FinishRequest, type ParkRequest, type RunAnswer } from 'model';
import { hasStack, withSourcePositions } from 'script/stack-trace';
import { BundleRepository } from '../bundle/bundle.repository.js';
import { ValidationService } from '../validation/validation.service.js';
import { FinishRepository } from './finish.repository.js';
import type { PlainEnding } from './plain-ending.js';

const lost: ExecutionError = { code: 'execution_interrupted', message: 'The run was lost: no runner brought it to an end.' };

@Injectable()
export class FinishService {
  constructor(
    private readonly executions: ExecutionStore,
    private readonly repository: FinishRepository,
    private readonly vault: Vault,
    private readonly bundles: BundleRepository,
    private readonly validation: ValidationService,
  ) {}

  /**
   * Ends an execution as its runner says. Asked again, answers how it has ended.
   * @throws AppError `execution_fenced` when another attempt has taken over
   */
  async finish(execution: RunningExecution, request: FinishRequest): Promise<FinishAnswer> {
    const invalid = request.kind === 'succeeded' ? await this.validation.checkOutput(execution, request.output) : null;
    if (invalid) return this.refuse(execution, invalid);
    const error = request.kind === 'failed' ? await this.atSource(execution, request.error) : null;
    const output = request.kind === 'succeeded' ? request.output : undefined;
    const swallowedError = request.kind === 'succeeded' && request.sawError === true;
    return this.end(execution, execution.generation, request.kind, { output, error, swallowedError });
  }

  /** Ends an execution whose input or output is not what it should be. */
  refuse(execution: RunningExecution, error: ExecutionError): Promise<FinishAnswer> {
    return this.end(execution, execution.generation, 'failed', { error });
  }

  /** Ends an attempt that waits. Asked again, answers the same. @throws AppError `execution_fenced` when another one has taken over */
  async park(execution: RunningExecution, { until }: ParkRequest): Promise<RunAnswer> {
    await this.repository.park(execution, until);
    return { status: 'parked', until };
  }

  /** Takes an execution from whoever may still run it, and ends it. Answers how it has ended if it had. */
  async closeLost(executionId: string, cancelled: boolean): Promise<FinishAnswer> {
    const execution = await this.executions.locate(executionId);
    if (!execution) return { status: 'lost' };
    return this.end(execution, null, cancelled ? 'cancelled' : 'lost', { error: cancelled ? null : lost });
  }

  private async atSource(execution: RunningExecution, error: ExecutionError): Promise<ExecutionError> {
    if (!hasStack(error)) return error;
    return withSourcePositions(error, (await this.bundles.code(execution)) ?? '');
  }

  private async end(
    execution: RunningExecution,
    generation: number | null,
    status: PlainEnding['status'],
    result: { output?: unknown; error: ExecutionError | null; swallowedError?: boolean },
  ): Promise<FinishAnswer> {
    const { executionId, environmentId, syncId } = execution;
    const output = await sealJson(this.vault, environmentId, executionPurposes.output, result.output);
    const error = await sealJson(this.vault, environmentId, executionPurposes.error, result.error ?? undefined);
    const { swallowedError = false } = result;
    const ended = await this.repository.end({
      executionId,
      environmentId,
      generation,
      status,
      output,
      error,
      swallowedError,
      syncId,
      plainError: result.error,
    });
    return { status: ended ? status : await this.endedStatus(executionId) };
  }

  private async endedStatus(executionId: string): Promise<ExecutionStatus> {
    const execution = await this.executions.locate(executionId);
    if (execution?.status === 'running') throw new AppError('execution_fenced', { message: 'Another attempt has taken over' });
    return execution?.status ?? 'lost';
  }
}
