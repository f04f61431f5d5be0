import { Injectable } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { limitsOf, type LogRequest, Recent } from 'model';
import { LogCap } from './log-cap.js';
import { OperationLogRepository } from './operation-log.repository.js';

@Injectable()
export class OperationLogService {
  // Counted in memory: a restart forgets it, which costs a run at most the same amount again.
  readonly #caps = new Recent<string, LogCap>(1_000);

  constructor(private readonly logs: OperationLogRepository) {}

  /** Lines that were told before, by a request whose answer was lost, are not written again. */
  async write(execution: RunningExecution, { from, messages }: LogRequest): Promise<void> {
    const fresh = from === undefined ? messages : messages.slice(await this.logs.advance(execution, from, messages.length));
    const kept = (await this.capOf(execution)).take(fresh);
    if (kept.length > 0) await this.logs.add(execution, kept);
  }

  private async capOf({ executionId, environmentId, kind }: RunningExecution): Promise<LogCap> {
    const known = this.#caps.get(executionId);
    if (known) return known;
    const { logBytes } = limitsOf(kind, await this.logs.limits(environmentId));
    return this.#caps.get(executionId) ?? this.#caps.set(executionId, new LogCap(logBytes));
  }
}
