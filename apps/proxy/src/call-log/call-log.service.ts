import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Answer } from 'egress';
import { type Logger, LOGGER } from 'service';
import { ParkedCall } from '../call/parked-call.js';
import type { ConfigurationCache } from '../configuration/configuration-cache.js';
import { ConfigurationListener } from '../configuration/configuration-listener.js';
import { CallLogRepository, type LoggedCall, type LogShare } from './call-log.repository.js';
import { CallTrace } from './call-trace.js';
import { LogBuffer } from './log-buffer.js';
import { type CallAbout, type CallEnd, isFailed, logEntry } from './log-entry.js';
import { Sampling } from './sampling.js';

const flushMs = 500;
const batchSize = 1_000;
const longestBuffer = 10_000;

/** The log of calls: one operation each, written in batches beside them. No call ever waits for it. */
@Injectable()
export class CallLog implements OnApplicationShutdown {
  private readonly shares: ConfigurationCache<LogShare>;
  private readonly sampling = new Sampling();
  private readonly buffer = new LogBuffer<LoggedCall>(longestBuffer);
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;

  constructor(
    private readonly repository: CallLogRepository,
    @Inject(LOGGER) private readonly logger: Logger,
    listener: ConfigurationListener,
  ) {
    this.shares = listener.cache(({ environmentId }) => [`environment:${environmentId}`]);
  }

  /** Makes a call and notes how it ended, when its body has come to its end. */
  async traced(about: CallAbout, perform: (trace: CallTrace) => Promise<Answer>): Promise<Answer> {
    const trace = new CallTrace();
    try {
      const answer = await perform(trace);
      const headMs = Date.now() - trace.startedAt;
      answer.whenOver((error) => this.ended(about, trace, { status: answer.status, error }, headMs));
      return answer;
    } catch (error) {
      // What was parked has not ended.
      if (!(error instanceof ParkedCall)) this.ended(about, trace, { error });
      throw error;
    }
  }

  /** Writes what is left; the database is still there. */
  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.writing;
    while (this.buffer.size > 0 && (await this.write()));
  }

  private ended(about: CallAbout, trace: CallTrace, end: CallEnd, headMs?: number): void {
    const { environmentId } = about;
    const now = Date.now();
    const decide = ({ percent }: LogShare): void => {
      if (!this.sampling.keeps({ environmentId, percent, failed: isFailed(end) }, now)) return;
      this.buffer.add(logEntry(about, trace, { end, headMs, now }));
      this.schedule();
    };
    const share = this.shares.get(String(environmentId), () => this.repository.shareOf(environmentId));
    if (!(share instanceof Promise)) return decide(share);
    share.then(decide, (error: unknown) => this.logger.warn('call_log.share_unknown', { environmentId, error }));
  }

  private schedule(): void {
    if (this.writing || this.timer) return;
    this.timer = setTimeout(() => this.flush(), flushMs);
    this.timer.unref();
  }

  /** One batch at a time, so that a storm of failures takes no more than one connection. */
  private flush(): void {
    this.timer = undefined;
    this.writing = this.write().then((written) => {
      this.writing = undefined;
      if (this.buffer.size >= batchSize && written) this.flush();
      else if (this.buffer.size > 0) this.schedule();
    });
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
