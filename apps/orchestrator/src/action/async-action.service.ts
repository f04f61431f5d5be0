import { Injectable } from '@nestjs/common';
import type { AsyncActionActivities } from 'workflows';
import { FinishService } from '../finish/finish.service.js';
import { ActionWorkflows } from './action-workflows.js';
import { type AsyncAction, AsyncActionRepository } from './async-action.repository.js';

const mostHoursWaiting = 24;
const graceMs = 30_000;

/** Asynchronous actions: one at a time in each environment. */
@Injectable()
export class AsyncActionService implements AsyncActionActivities {
  constructor(
    private readonly actions: AsyncActionRepository,
    private readonly workflows: ActionWorkflows,
    private readonly finishes: FinishService,
  ) {}

  readonly openActionRetry: AsyncActionActivities['openActionRetry'] = async ({ executionId, retry }) => ({
    executionId: await this.actions.openRetry(executionId, retry),
  });

  readonly settleAction: AsyncActionActivities['settleAction'] = ({ executionId }) => this.actions.settle(executionId);

  /** Starts those whose turn it is. One that could not be started is found by {@link AsyncActionService.repair}. */
  async startTurns(): Promise<void> {
    for (const action of await this.actions.takeTurns()) await this.workflows.start(action);
  }

  /** Starts again what Temporal has not heard of or has lost, and ends what nothing there will end any more. */
  async repair(): Promise<void> {
    for (const action of await this.actions.waitingLongerThan(mostHoursWaiting)) await this.close(action);
    for (const action of await this.actions.underWay(graceMs)) {
      const state = await this.workflows.stateOf(action);
      if (state === 'unknown') await this.workflows.start(action);
      if (state === 'closed') await this.close(action);
    }
  }

  private async close({ executionId, currentId }: AsyncAction): Promise<void> {
    // Leaves a run that has ended as it is.
    await this.finishes.closeLost(currentId, false);
    await this.actions.settle(executionId);
  }
}
