import { Injectable } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { defaultLimits, type LogMessage } from 'model';
import { LogCap } from './log-cap.js';
import { OperationLogRepository } from './operation-log.repository.js';

const remembered = 1_000;

@Injectable()
export class OperationLogService {
  // Counted in memory: a restart forgets it, which costs a run at most the same amount again.
  readonly #caps = new Map<string, LogCap>();

  constructor(private readonly logs: OperationLogRepository) {}

  async write(execution: RunningExecution, messages: LogMessage[]): Promise<void> {
    const kept = this.capOf(execution).take(messages);
    if (kept.length > 0) await this.logs.add(execution, kept);
  }

  private capOf({ executionId, kind }: RunningExecution): LogCap {
    const cap = this.#caps.get(executionId) ?? new LogCap(defaultLimits[kind].logBytes);
    // Put last again, so that the one dropped is the one that has been silent longest.
    this.#caps.delete(executionId);
    this.#caps.set(executionId, cap);
    const oldest = this.#caps.keys().next();
    if (this.#caps.size > remembered && !oldest.done) this.#caps.delete(oldest.value);
    return cap;
  }
}
