import { Inject, Injectable } from '@nestjs/common';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { errorCodes, isAppError, type RunAnswer } from 'model';
import { type Logger, LOGGER } from 'service';
import type { RunnerActivities } from 'workflows';
import type { Attempt } from '../execution/attempt.js';
import { leftReason } from '../execution/ending.js';
import { ExecutionRunner } from '../execution/execution-runner.js';

@Injectable()
export class ScriptActivities implements RunnerActivities {
  constructor(
    private readonly executions: ExecutionRunner,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Beats whenever the script's event loop has answered; ends with a status, or fails with a code. */
  readonly runScript = async ({ executionId }: { executionId: string }): Promise<RunAnswer> => {
    const context = Context.current();
    try {
      return await this.executions.run({
        executionId,
        attempt: attemptOf(context),
        signal: signalOf(context),
        onAlive: () => context.heartbeat(),
        depth: 0,
        // A standalone activity is an action whose caller waits.
        longWaits: context.info.workflowExecution ? 'parks' : 'refuses',
      });
    } catch (error) {
      const failure = toFailure(error);
      this.logger.warn('script.attempt_failed', { executionId, attempt: context.info.attempt, code: failure.type, ...(isAppError(error) ? {} : { error }) });
      throw failure;
    }
  };
}

function attemptOf({ info }: Context): Attempt {
  return { activityId: info.activityId, attempt: info.attempt, scheduledAt: new Date(info.currentAttemptScheduledTimestampMs).toISOString() };
}

/** Aborted without a reason when somebody cancelled the run; with `left` when only this attempt is over. */
function signalOf(context: Context): AbortSignal {
  const ending = new AbortController();
  const { cancellationSignal } = context;
  const end = (): void => ending.abort(context.cancellationDetails?.cancelRequested ? undefined : leftReason);
  if (cancellationSignal.aborted) end();
  else cancellationSignal.addEventListener('abort', end, { once: true });
  return ending.signal;
}

/** A code and nothing else: messages may quote what scripts have said. */
function toFailure(error: unknown): ApplicationFailure {
  const code = isAppError(error) ? error.code : 'server_error';
  // Where another attempt cannot help, the table says so; what it does not know it may try again.
  const nonRetryable = isAppError(error) && !errorCodes[error.code].retryable;
  return ApplicationFailure.create({ type: code, message: code, nonRetryable });
}
