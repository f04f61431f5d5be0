import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AppError } from 'model';
import { type CancellableRun, OpenRunRepository } from './open-run.repository.js';
import { RunCanceller } from './run-canceller.js';

/** A trigger that has been handed to Temporal, or is just being handed, opens its run a moment later all the same: a longer one while Temporal owes it. */
const handingOver = { pauseMs: 250, leastRounds: 4, mostRounds: 40 };

/** Temporal is asked for so many runs at a time. */
const atOnce = 50;

/** Ends runs before their time. Their scripts hear of it through `abortSignal`, and at their next call. */
@Injectable()
export class CancellationService {
  constructor(
    private readonly runs: OpenRunRepository,
    private readonly canceller: RunCanceller,
  ) {}

  /** One that has ended already stays as it ended. @throws AppError `not_found` */
  async cancelRun(environmentId: number, executionId: string): Promise<void> {
    const run = await this.runs.find(environmentId, executionId);
    if (!run) throw new AppError('not_found', { message: `No run '${executionId}'` });
    await this.cancel(run);
  }

  /** The run that an operation tells of. @throws AppError `not_found` */
  async cancelOperation(environmentId: number, operationId: string): Promise<void> {
    const run = await this.runs.ofOperation(environmentId, operationId);
    if (!run) throw new AppError('not_found', { message: 'There is no such run in this environment' });
    await this.cancel(run);
  }

  /** Ends what the syncs are running, and takes back what they were asked to run. Their schedules go on. */
  async cancelSyncs(environmentId: number, syncIds: string[]): Promise<void> {
    const coming = await this.runs.withdrawTriggers(environmentId, syncIds);
    const cancelled = new Set<string>();
    await this.cancelOpen(environmentId, syncIds, cancelled);
    if (coming.length > 0) await this.cancelComing(environmentId, coming, cancelled);
  }

  /** A run that was open before, and is still ending, is not the one that comes. */
  private async cancelComing(environmentId: number, syncIds: string[], cancelled: Set<string>): Promise<void> {
    const before = cancelled.size;
    for (let round = 1; round <= handingOver.mostRounds; round += 1) {
      await wait(handingOver.pauseMs);
      // Asked before the look, since a run that opens is owed no more.
      const isOver = round >= handingOver.leastRounds && !(await this.runs.areOwed(environmentId, syncIds));
      await this.cancelOpen(environmentId, syncIds, cancelled);
      if (cancelled.size - before >= syncIds.length || isOver) return;
    }
  }

  /** Those not `cancelled` yet, which they are then. */
  private async cancelOpen(environmentId: number, syncIds: string[], cancelled: Set<string>): Promise<void> {
    const runs = (await this.runs.ofSyncs(environmentId, syncIds)).filter(({ executionId }) => !cancelled.has(executionId));
    for (let next = 0; next < runs.length; next += atOnce) await Promise.all(runs.slice(next, next + atOnce).map((run) => this.cancel(run)));
    for (const { executionId } of runs) cancelled.add(executionId);
  }

  private async cancel(run: CancellableRun): Promise<void> {
    await this.canceller.cancel(run);
    // A workflow ends the row itself; of an activity that no runner has taken nobody hears.
    if (!run.workflowRunId) await this.runs.endQueued(run);
  }
}
