import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { FinishService } from '../finish/finish.service.js';
import { Periodic } from '../platform/periodic.js';
import { type OpenExecution, OpenExecutionRepository } from './open-execution.repository.js';
import { WebhookRuns } from '../webhook/webhook-runs.js';
import { TemporalRuns } from './temporal-runs.js';

const sweepMs = 30_000;
const graceMs = 60_000;
const pageSize = 200;

/** Starts what Temporal never heard of, and ends what nothing there will end any more. */
@Injectable()
export class ExecutionSweep implements OnApplicationBootstrap, OnModuleDestroy {
  #periodic: Periodic | undefined;
  // Found without a run in the last round: a run may close a moment before its row does, so it takes two rounds to be lost.
  #suspects = new Set<string>();

  constructor(
    private readonly executions: OpenExecutionRepository,
    private readonly runs: TemporalRuns,
    private readonly webhooks: WebhookRuns,
    private readonly finishes: FinishService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#periodic = new Periodic('execution.sweep', sweepMs, this.logger, () => this.sweep(graceMs));
  }

  async onModuleDestroy(): Promise<void> {
    await this.#periodic?.stop();
  }

  /** One round over everything that has been open for `olderThanMs`. */
  async sweep(olderThanMs: number): Promise<void> {
    const suspects = new Set<string>();
    for (let after: string | null = null; ;) {
      const page: OpenExecution[] = await this.executions.page(olderThanMs, after, pageSize);
      for (const execution of page) if ((await this.settle(execution)) === 'suspect') suspects.add(execution.executionId);
      after = page.at(-1)?.executionId ?? null;
      if (page.length < pageSize) break;
    }
    this.#suspects = suspects;
  }

  private async settle(execution: OpenExecution): Promise<'fine' | 'suspect'> {
    const { executionId, status, parentEnded, workflowRunId } = execution;
    if (parentEnded === false) return 'fine';
    const state = parentEnded ? 'closed' : await this.runs.stateOf(execution);
    if (state === 'open') return 'fine';
    if (state === 'unknown' && status === 'queued' && !workflowRunId) {
      await this.startAgain(execution);
      this.logger.warn('execution.started_again', { executionId });
      return 'fine';
    }
    if (!this.#suspects.has(executionId)) return 'suspect';
    await this.finishes.closeLost(executionId, false);
    this.logger.warn('execution.closed_as_lost', { executionId, state });
    return 'fine';
  }

  private async startAgain(execution: OpenExecution): Promise<void> {
    const { environmentId, batchId, kind } = execution;
    if (batchId) return this.webhooks.start({ batchId, environmentId, executionIds: await this.executions.queuedOf(environmentId, batchId) });
    return kind === 'event' ? this.runs.startEvent(execution) : this.runs.startAction(execution);
  }
}
