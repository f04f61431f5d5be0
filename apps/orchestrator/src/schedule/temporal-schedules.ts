import { Inject, Injectable } from '@nestjs/common';
import { Client, ScheduleAlreadyRunning, type ScheduleDescription, type ScheduleHandle, ScheduleNotFoundError } from '@temporalio/client';
import { isGrpcServiceError } from '@temporalio/client';
import { cronParts } from 'manifest/interval';
import { queueNames, scheduleSpec, syncScheduleId, workflowTypes } from 'workflows';
import { CONFIGURATION, type Configuration } from '../configuration.js';

/** What a sync's schedule is to be. `runNow`: start a run as it is made. */
export type ScheduleTarget = { syncId: string; intervalMs: number | null; cron: string | null; isPaused: boolean; runNow: boolean };

/** What became of the schedule: made with its first run where that was asked, released from a pause, or changed. */
export type SchedulePut = 'created' | 'resumed' | 'updated';

const notFoundStatus = 5;

@Injectable()
export class TemporalSchedules {
  constructor(
    private readonly client: Client,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Makes the schedule, or changes the one there is. */
  async put(target: ScheduleTarget, isKnown: boolean): Promise<SchedulePut> {
    const first = isKnown ? await this.update(target) : await this.create(target);
    const second = first ?? (isKnown ? await this.create(target) : await this.update(target));
    if (!second) throw new Error('the schedule came and went while it was put');
    return second;
  }

  /** Starts a run now: not while one is under way, or with `waiting` right after it. A schedule that is gone starts none. */
  async trigger(syncId: string, waiting: boolean): Promise<void> {
    await absentAsNull(this.handle(syncId).trigger(waiting ? 'BUFFER_ONE' : 'SKIP'));
  }

  /** Asks the runs under way to stop. */
  async cancelRuns(syncId: string): Promise<void> {
    const description = await absentAsNull(this.handle(syncId).describe());
    for (const { workflow } of description?.info.runningActions ?? []) {
      await absentAsNull(this.client.workflow.getHandle(workflow.workflowId, undefined, { firstExecutionRunId: workflow.firstExecutionRunId }).cancel());
    }
  }

  async remove(syncId: string): Promise<void> {
    await absentAsNull(this.handle(syncId).delete());
  }

  /** The ids of all schedules there are, of whatever stack. Lags a moment behind. */
  async list(): Promise<Set<string>> {
    const ids = new Set<string>();
    for await (const { scheduleId } of this.client.schedule.list({ pageSize: 1_000 })) ids.add(scheduleId);
    return ids;
  }

  private async create(target: ScheduleTarget): Promise<'created' | null> {
    try {
      const state = { paused: target.isPaused, triggerImmediately: target.runNow };
      await this.client.schedule.create({ scheduleId: syncScheduleId(target.syncId), ...this.optionsOf(target), state });
      return 'created';
    } catch (error) {
      if (error instanceof ScheduleAlreadyRunning) return null;
      throw error;
    }
  }

  private async update(target: ScheduleTarget): Promise<'resumed' | 'updated' | null> {
    let wasPaused = false;
    const change = (previous: ScheduleDescription) => {
      wasPaused = previous.state.paused;
      return { ...this.optionsOf(target), state: { paused: target.isPaused } };
    };
    const isThere = await absentAsNull(
      this.handle(target.syncId)
        .update(change)
        .then(() => true),
    );
    if (!isThere) return null;
    return wasPaused && !target.isPaused ? 'resumed' : 'updated';
  }

  private optionsOf({ syncId, intervalMs, cron }: ScheduleTarget) {
    const taskQueue = queueNames(this.configuration.NANGO_QUEUE_PREFIX).workflows;
    const workflowId = syncScheduleId(syncId);
    return {
      ...scheduleSpec({ syncId, intervalMs, cron: cron === null ? null : cronParts(cron) }),
      action: { type: 'startWorkflow', workflowType: workflowTypes.syncRun, args: [{ syncId }], taskQueue, workflowId },
    } as const;
  }

  private handle(syncId: string): ScheduleHandle {
    return this.client.schedule.getHandle(syncScheduleId(syncId));
  }
}

/** Null where Temporal says that what is asked of is not there. */
async function absentAsNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  if (error instanceof ScheduleNotFoundError) return true;
  return isGrpcServiceError(error) ? error.code === notFoundStatus : error instanceof Error && error.name === 'WorkflowNotFoundError';
}
