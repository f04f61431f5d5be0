import type { Logger } from 'service';
import type { CallLogRepository, LoggedCall } from './call-log.repository.js';
import { LogBuffer } from './log-buffer.js';

const flushMs = 500;
const batchSize = 1_000;
const longestBuffer = 10_000;

/** Writes the log of calls in batches, one at a time: a storm of failures takes no more of the database than one connection. */
export class CallLogWriter {
  private readonly buffer = new LogBuffer<LoggedCall>(longestBuffer);
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;

  constructor(
    private readonly repository: Pick<CallLogRepository, 'add'>,
    private readonly logger: Logger,
  ) {}

  /** Takes a call to be written soon; when too many wait it is dropped and counted. */
  add(call: LoggedCall): void {
    this.buffer.add(call);
    this.schedule();
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.writing;
    while (this.buffer.size > 0 && (await this.write()));
  }

  private schedule(): void {
    if (this.writing || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.writing = this.flush();
    }, flushMs);
    this.timer.unref();
  }

  private async flush(): Promise<void> {
    while ((await this.write()) && this.buffer.size >= batchSize);
    this.writing = undefined;
    if (this.buffer.size > 0) this.schedule();
  }

  /** Whether the batch was written; else it waits for the next time. */
  private async write(): Promise<boolean> {
    const batch = this.buffer.take(batchSize);
    try {
      if (batch.length > 0) await this.repository.add(batch);
      return true;
    } catch (error) {
      this.buffer.putBack(batch);
      this.logger.warn('call_log.failed', { calls: batch.length, error });
      return false;
    } finally {
      const lost = this.buffer.takeLost();
      if (lost > 0) this.logger.warn('call_log.dropped', { calls: lost });
    }
  }
}
