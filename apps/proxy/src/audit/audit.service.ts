import { Inject, Injectable } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { type Logger, LOGGER } from 'service';
import { AuditRepository } from './audit.repository.js';

/** What a script, or somebody with its token, tried and was not let. */
const events = {
  'audit.connection_refused': "Refused: a script may not use a connection that is not its execution's",
  'audit.token_refused': "Refused: the token of this execution was used after the execution's end",
} as const;
type AuditEvent = keyof typeof events;

/** A script that keeps trying fills no log with it. */
const linesPerExecution = 10;
const rememberedExecutions = 10_000;

/** Tells of refusals where the team looks (the run's own log) and where the operator looks (the service's). */
@Injectable()
export class AuditService {
  readonly #lines = new Map<string, number>();

  constructor(
    private readonly repository: AuditRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Never throws: whether it could be written changes nothing about the refusal. */
  async refused(execution: RunningExecution, event: AuditEvent, meta: Record<string, unknown> = {}): Promise<void> {
    const { executionId, environmentId, connectionId } = execution;
    const lines = (this.#lines.get(executionId) ?? 0) + 1;
    if (lines > linesPerExecution) return;
    if (this.#lines.size >= rememberedExecutions) this.#lines.clear();
    this.#lines.set(executionId, lines);
    this.logger.warn(event, { executionId, environmentId, connectionId, ...meta });
    await this.repository.add(execution, events[event], { event, ...meta }).catch((error: unknown) => this.logger.error('audit.not_written', { event, error }));
  }

  /** A token that belongs to no execution at all: nobody's log but the operator's. */
  unknownToken(): void {
    this.logger.warn('audit.unknown_token_refused', {});
  }
}
