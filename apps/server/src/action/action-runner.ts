import { Inject, Injectable } from '@nestjs/common';
import { ActivityExecutionAlreadyStartedError, ActivityExecutionFailedError, Client } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import { AppError, type ErrorCode } from 'model';
import { actionActivityOptions, runScriptActivity } from 'workflows';
import { CONFIGURATION, type Configuration } from '../configuration.js';

// A start takes milliseconds; who waits longer than this is better told to come again.
const startDeadlineMs = 5_000;

type Run = { environmentId: number; executionId: string };

/** How a run left Temporal: `over`, whatever its row says; or given up there, with the reason. */
export type RunEnd = { kind: 'over' } | { kind: 'given_up'; code: ErrorCode };

/** Hands opened executions to Temporal, which finds them a runner. */
@Injectable()
export class ActionRunner {
  private readonly queuePrefix: string;

  constructor(
    @Inject(Client) private readonly client: Client,
    @Inject(CONFIGURATION) configuration: Configuration,
  ) {
    this.queuePrefix = configuration.temporal.queuePrefix;
  }

  /** Starts the run of a caller who waits. One that is under way or over already is left alone. @throws AppError `temporal_unavailable` */
  async start({ environmentId, executionId }: Run): Promise<void> {
    const options = actionActivityOptions(executionId, environmentId, this.queuePrefix);
    await this.soon(() => this.client.activity.start(runScriptActivity, options)).catch((error: unknown) => {
      if (!(error instanceof ActivityExecutionAlreadyStartedError)) throw unavailable(error);
    });
  }

  /** Runs one again that Temporal has given up for want of a runner, after it had begun: it goes on from its journal. */
  async resume({ environmentId, executionId }: Run): Promise<void> {
    const { scheduleToStartTimeout: _, ...options } = actionActivityOptions(executionId, environmentId, this.queuePrefix);
    await this.soon(() => this.client.activity.start(runScriptActivity, { ...options, idReusePolicy: 'ALLOW_DUPLICATE' })).catch((error: unknown) => {
      throw unavailable(error);
    });
  }

  /** Waits for the end of a started run. @throws AppError `temporal_unavailable` when Temporal stays away */
  async end({ executionId }: Run): Promise<RunEnd> {
    try {
      await this.client.activity.getHandle(executionId).result();
      return { kind: 'over' };
    } catch (error) {
      if (!(error instanceof ActivityExecutionFailedError)) throw unavailable(error);
      return { kind: 'given_up', code: codeOf(error.cause) };
    }
  }

  private soon<T>(call: () => Promise<T>): Promise<T> {
    return this.client.connection.withDeadline(Date.now() + startDeadlineMs, call);
  }
}

function codeOf(cause: unknown): ErrorCode {
  // Its environment's places at the runners were taken until its time was over.
  if (cause instanceof ApplicationFailure && cause.type === 'environment_busy') return 'runner_unavailable';
  if (cause instanceof CancelledFailure) return 'script_aborted';
  if (!(cause instanceof TimeoutFailure)) return 'execution_interrupted';
  return cause.timeoutType === 'SCHEDULE_TO_START' ? 'runner_unavailable' : 'execution_timeout';
}

function unavailable(cause: unknown): AppError {
  return new AppError('temporal_unavailable', { message: 'The script engine cannot be reached at the moment; try again', cause });
}
