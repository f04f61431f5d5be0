import { Inject, Injectable } from '@nestjs/common';
import { ExecutionStore } from 'journal/postgres';
import type { ExecutionError } from 'model';
import { type Logger, LOGGER } from 'service';
import { type EventPlace, type EventScript, EventScriptRepository } from './event-script.repository.js';
import { type EventRun, EventWorkflows } from './event-workflows.js';

/** A script that did not succeed. */
export type EventFailure = { script: string; error: ExecutionError };

/** At which moment of which connection. `connectionId` is the row's id. */
export type ConnectionMoment = EventPlace & { connectionId: number };

/** Runs the scripts of a connection's moments (surface 5.4). */
@Injectable()
export class EventService {
  constructor(
    private readonly scripts: EventScriptRepository,
    private readonly executions: ExecutionStore,
    private readonly workflows: EventWorkflows,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async hasScripts(place: EventPlace): Promise<boolean> {
    return (await this.scripts.list(place)).length > 0;
  }

  /** Starts runs that were opened with their connection, and waits for nothing: what cannot be started now is found by the orchestrator's sweep. */
  startOpened(environmentId: number, executionIds: string[]): void {
    for (const executionId of executionIds)
      void this.workflows.start({ environmentId, executionId }).catch((error: unknown) => this.logger.warn('event.start_failed', { executionId, error }));
  }

  /** Runs all scripts of a moment to their end; answers those that failed. */
  async runAll(moment: ConnectionMoment): Promise<EventFailure[]> {
    const scripts = await this.scripts.list(moment);
    const failures = await Promise.all(scripts.map((script) => this.runOne(moment, script)));
    return failures.flatMap((failure) => failure ?? []);
  }

  private async runOne({ environmentId, connectionId, event }: ConnectionMoment, { name, scriptVersionId }: EventScript): Promise<EventFailure | null> {
    const { executionId } = await this.executions.open({
      environmentId,
      kind: 'event',
      connectionId,
      scriptVersionId,
      input: undefined,
      // A connection is deleted once: who asks again meanwhile waits for the same run.
      idempotencyKey: event === 'pre-connection-deletion' ? event : undefined,
    });
    const error = await this.errorOf({ environmentId, executionId });
    if (error) this.logger.warn('event.failed', { executionId, event, code: error.code });
    return error && { script: name, error };
  }

  private async errorOf(run: EventRun): Promise<ExecutionError | null> {
    const unreached = await this.workflows.runToEnd(run).then(
      () => null,
      (error: unknown) => this.logger.error('event.not_ended', { executionId: run.executionId, error }),
    );
    const result = await this.executions.find(run.environmentId, run.executionId);
    if (result?.status === 'succeeded') return null;
    const code = unreached === null ? 'execution_interrupted' : 'temporal_unavailable';
    return result?.error ?? { code, message: 'The script was not run to its end' };
  }
}
