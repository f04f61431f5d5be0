import { Inject, Injectable } from '@nestjs/common';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { errorCodes, isAppError, type RunAnswer } from 'model';
import { type Logger, LOGGER } from 'service';
import { priorities, type RunnerActivities } from 'workflows';
import type { Attempt } from '../execution/attempt.js';
import { leftReason } from '../execution/ending.js';
import { ExecutionRunner } from '../execution/execution-runner.js';
import { type Applicant, EnvironmentQuota } from './environment-quota.js';
import { heartbeatOf } from './heartbeat.js';

/** What a runner that stops does not end is taken over as soon as another one is free. */
const takeOverMs = 100;

@Injectable()
export class ScriptActivities implements RunnerActivities {
  constructor(
    private readonly executions: ExecutionRunner,
    private readonly quota: EnvironmentQuota,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Beats whenever the script's event loop has answered; ends with a status, or fails with a code. */
  readonly runScript = async ({ executionId }: { executionId: string }): Promise<RunAnswer> => {
    const context = Context.current();
    const admission = await this.quota.enter(applicantOf(context));
    if (admission.kind === 'deferred') throw deferred(Math.max(admission.afterMs, patienceOf(context)));
    try {
      return await this.executions.run({
        executionId,
        attempt: attemptOf(context),
        signal: signalOf(context),
        onAlive: heartbeatOf(context),
        depth: 0,
        // A standalone activity is an action whose caller waits.
        longWaits: context.info.workflowExecution ? 'parks' : 'refuses',
      });
    } catch (error) {
      const failure = toFailure(error, isDraining(context));
      this.logger.warn('script.attempt_failed', { executionId, attempt: context.info.attempt, code: failure.type, ...(isAppError(error) ? {} : { error }) });
      throw failure;
    } finally {
      admission.leave();
    }
  };
}

/** The environment is known before the execution is asked for: it is what the queue is fair by. */
function applicantOf({ info: { priority } }: Context): Applicant {
  return { environment: priority?.fairnessKey ?? '', isBackground: priority?.priorityKey !== priorities.action };
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

function isDraining({ cancellationSignal, cancellationDetails }: Context): boolean {
  return cancellationSignal.aborted && cancellationDetails?.workerShutdown === true;
}

/** A code and nothing else: messages may quote what scripts have said. */
function toFailure(error: unknown, isLeft: boolean): ApplicationFailure {
  const code = isAppError(error) ? error.code : 'server_error';
  // Where another attempt cannot help, the table says so; what it does not know it may try again.
  const nonRetryable = isAppError(error) && !errorCodes[error.code].retryable;
  return ApplicationFailure.create({ type: code, message: code, nonRetryable, ...(isLeft ? { nextRetryDelay: takeOverMs } : {}) });
}

/** Whom nobody waits for comes ever more seldom, so that its attempts last for more than a day. */
function patienceOf({ info: { workflowExecution, attempt } }: Context): number {
  return workflowExecution ? Math.min(attempt * 500, 120_000) : 0;
}

function deferred(afterMs: number): ApplicationFailure {
  const message = 'The environment runs as many scripts as it may';
  return ApplicationFailure.create({ type: 'environment_busy', message, nextRetryDelay: afterMs, category: ApplicationFailureCategory.BENIGN });
}
