import { Inject, Injectable } from '@nestjs/common';
import type { JailPool, RunOutcome } from 'jail';
import type { BeginAnswer, FinishAnswer } from 'model';
import { type Logger, LOGGER } from 'service';
import type { Caller } from '../platform/orchestrator.client.js';
import { OrchestratorClient } from '../platform/orchestrator.client.js';
import { ProxyClient } from '../platform/proxy.client.js';
import type { RunRequest } from './attempt.js';
import { BundleCache } from './bundle-cache.js';
import { ChildRuns } from './child-runs.js';
import { Ending } from './ending.js';
import { ExecutionBroker } from './execution-broker.js';
import { JAILS } from './jails.js';

type Beginning = Extract<BeginAnswer, { kind: 'run' }>;

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
  async run(request: RunRequest): Promise<FinishAnswer> {
    const { executionId, attempt, onAlive } = request;
    const startedAt = performance.now();
    const beginning = await this.orchestrator.begin(executionId, attempt, onAlive);
    if (beginning.kind === 'over') return { status: beginning.status };
    const outcome = await this.runScript(request, beginning);
    // A heartbeat of its own: the jail, whose life it was until here, is gone.
    onAlive();
    const answer = await this.orchestrator.finish({ token: beginning.token, onRetry: onAlive }, outcome);
    this.logger.info('script.finished', {
      executionId,
      generation: beginning.generation,
      status: answer.status,
      ms: Math.round(performance.now() - startedAt),
    });
    return answer;
  }

  private async runScript(request: RunRequest, beginning: Beginning): Promise<RunOutcome> {
    const { token, context, input, limits, bundleHash, jailReuse } = beginning;
    const warmFor = jailReuse === 'never' ? null : bundleHash;
    const code = await this.bundles.get(bundleHash, () => this.orchestrator.bundle({ token, onRetry: request.onAlive }));
    const ending = new Ending(request.signal);
    const caller: Caller = { token, signal: ending.signal };
    const children = new ChildRuns(this.orchestrator, caller, request, (child) => this.run(child));
    const broker = new ExecutionBroker({
      orchestrator: this.orchestrator,
      proxy: this.proxy,
      caller,
      runChild: (call) => children.run(call),
      onFatal: (error) => ending.fail(error),
    });
    const outcome = await this.jails.run({ code, warmFor, context, input, limits, broker, signal: ending.signal, onAlive: request.onAlive });
    await broker.settled();
    ending.check();
    return outcome;
  }
}
