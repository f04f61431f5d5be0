import { Inject, Injectable } from '@nestjs/common';
import type { JailPool, RunOutcome } from 'jail';
import { AppError, type BeginAnswer, type ExecutionError, type RunAnswer } from 'model';
import { type Logger, LOGGER } from 'service';
import type { Caller } from '../platform/orchestrator.client.js';
import { OrchestratorClient } from '../platform/orchestrator.client.js';
import { ProxyClient } from '../platform/proxy.client.js';
import type { RunRequest } from './attempt.js';
import { BundleCache } from './bundle-cache.js';
import { ChildRuns } from './child-runs.js';
import { type AttemptEnd, Ending } from './ending.js';
import { ExecutionBroker } from './execution-broker.js';
import { JAILS } from './jails.js';
import { RecordedCalls } from './recorded-calls.js';

type Beginning = Extract<BeginAnswer, { kind: 'run' }>;
type Ended = { end: AttemptEnd; sawError: boolean };

/** Runs one execution from `begin` to `finish`. Its errors name codes and ids; what scripts say stays between jail and orchestrator. */
@Injectable()
export class ExecutionRunner {
  constructor(
    private readonly orchestrator: OrchestratorClient,
    private readonly proxy: ProxyClient,
    private readonly bundles: BundleCache,
    @Inject(JAILS) private readonly jails: JailPool,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws AppError when this attempt could not bring the execution to its end; another one may. */
  async run(request: RunRequest): Promise<RunAnswer> {
    const { executionId, attempt, onAlive } = request;
    const startedAt = performance.now();
    const beginning = await this.orchestrator.begin(executionId, attempt, onAlive);
    if (beginning.kind === 'over') return { status: beginning.status };
    const ended = await this.runScript(request, beginning);
    // A heartbeat of its own: the jail, whose life it was until here, is gone.
    onAlive();
    const answer = await this.tell({ token: beginning.token, onRetry: onAlive }, ended);
    const { generation } = beginning;
    this.logger.info('script.finished', { executionId, generation, status: answer.status, ms: Math.round(performance.now() - startedAt) });
    return answer;
  }

  private tell(caller: Caller, { end, sawError }: Ended): Promise<RunAnswer> {
    if (end.kind === 'parked') return this.orchestrator.park(caller, end.until);
    return this.orchestrator.finish(caller, end.kind === 'succeeded' ? { ...end, sawError } : end);
  }

  private async runScript(request: RunRequest, beginning: Beginning): Promise<Ended> {
    const { token, context, input, limits, bundleHash, jailReuse, logLines } = beginning;
    const { onAlive } = request;
    const ending = new Ending(request.signal);
    const starting: Caller = { token, onRetry: onAlive };
    const code = await this.bundles.get(bundleHash, () => this.orchestrator.bundle(starting));
    const { recorded, tape } = await this.earlier(beginning, starting);
    const caller: Caller = { token, signal: AbortSignal.any([ending.cancelled, ending.abandoned]) };
    const children = new ChildRuns(this.orchestrator, caller, request, (child) => this.run(child));
    const broker = new ExecutionBroker({
      orchestrator: this.orchestrator,
      proxy: this.proxy,
      caller,
      context,
      run: request,
      earlier: { recorded, tapeLength: tape.length, logLines },
      runChild: (call) => children.run(call),
      onFatal: (error) => ending.fail(error),
      onFailure: (error) => ending.conclude(endOf(error)),
      onPark: (until) => ending.conclude(request.longWaits === 'refuses' ? { kind: 'failed', error: busy(until) } : { kind: 'parked', until }),
    });
    const { cancelled: signal, abandoned: abandon } = ending;
    const warmFor = jailReuse === 'never' ? null : bundleHash;
    const outcome = await this.jails.run({ code, warmFor, context, input, limits, broker, tape, onAlive, signal, abandon });
    await this.settle(broker, request);
    if (wasKilled(outcome) && request.attempt.attempt < lastResumedKill) ending.fail(new AppError('service_unavailable', { message: 'The jail was killed' }));
    return { end: ending.of(outcome), sawError: broker.sawError };
  }

  /** What is still under way when the script has ended belongs to its run. The heartbeat is the wait's: no jail is there to beat. */
  private async settle(broker: ExecutionBroker, { onAlive, signal }: RunRequest): Promise<void> {
    const beat = setInterval(onAlive, 5_000);
    try {
      await broker.settled();
      if (!signal.aborted) await broker.committed();
    } finally {
      clearInterval(beat);
    }
  }

  private async earlier({ resumes }: Beginning, caller: Caller): Promise<{ recorded: RecordedCalls; tape: string }> {
    if (!resumes) return { recorded: RecordedCalls.none(), tape: '' };
    return { recorded: new RecordedCalls((after) => this.orchestrator.journal(caller, after)), tape: await this.orchestrator.tape(caller) };
  }
}

/** From this attempt on a script whose process is killed every time is taken to be why. */
const lastResumedKill = 3;

/** Whether the jail's process was killed by somebody else, which is no outcome of the script. */
function wasKilled(outcome: RunOutcome): boolean {
  if (outcome.kind !== 'failed' || outcome.error.code !== 'script_internal_error') return false;
  const { payload } = outcome.error;
  return typeof payload === 'object' && payload !== null && 'code' in payload && payload.code === 'SIGKILL';
}

/** A save that the cancellation has cut off is no failure. */
function endOf({ code, message, payload }: AppError): RunOutcome {
  return code === 'script_aborted' ? { kind: 'cancelled' } : { kind: 'failed', error: { code, message, payload } };
}

/** What a caller who waits is told of an API that asks for a longer wait. */
function busy(until: Date): ExecutionError {
  const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - Date.now()) / 1_000));
  const { code, message } = new AppError('too_many_request', {
    message: `The API's rate limit, as far as it is known, leaves no room until ${until.toISOString()}`,
  });
  return { code, message, payload: { retryAfterSeconds } };
}
