import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Answer } from 'egress';
import { type Logger, LOGGER } from 'service';
import { ParkedCall } from '../call/parked-call.js';
import type { ConfigurationCache } from '../configuration/configuration-cache.js';
import { ConfigurationListener } from '../configuration/configuration-listener.js';
import { CallLogRepository, type LogShare } from './call-log.repository.js';
import { CallLogWriter } from './call-log-writer.js';
import { CallTrace } from './call-trace.js';
import { FailureSampling, type Unlogged } from './failure-sampling.js';
import { type CallAbout, type EndedCall, isFailed, kindOfFailure, logEntry } from './log-entry.js';
import { Sampling } from './sampling.js';

/** The log of calls: one operation each, noted when it has ended. No call ever waits for it. */
@Injectable()
export class CallLog implements OnApplicationShutdown {
  private readonly shares: ConfigurationCache<LogShare>;
  private readonly sampling = new Sampling();
  private readonly failures = new FailureSampling<EndedCall>((ended, unlogged) => this.write(ended, unlogged));

  constructor(
    private readonly repository: CallLogRepository,
    private readonly writer: CallLogWriter,
    @Inject(LOGGER) private readonly logger: Logger,
    listener: ConfigurationListener,
  ) {
    this.shares = listener.cache(({ environmentId }) => [`environment:${environmentId}`]);
  }

  /** Makes a call and notes how it ended, when its body has come to its end. */
  async traced(about: CallAbout, perform: (trace: CallTrace) => Promise<Answer>): Promise<Answer> {
    const trace = new CallTrace();
    const share = this.shareOf(about.environmentId);
    try {
      const answer = await perform(trace);
      const headMs = Date.now() - trace.startedAt;
      answer.whenOver((error) => this.note(share, { about, trace, end: { status: answer.status, error }, headMs, now: Date.now() }));
      return answer;
    } catch (error) {
      // What was parked has not ended.
      if (!(error instanceof ParkedCall)) this.note(share, { about, trace, end: { error }, now: Date.now() });
      throw error;
    }
  }

  /** What was held back is told of while there is still a writer. */
  onApplicationShutdown(): void {
    this.failures.close();
  }

  private shareOf(environmentId: number): LogShare | Promise<LogShare | undefined> {
    const share = this.shares.get(String(environmentId), () => this.repository.shareOf(environmentId));
    if (!(share instanceof Promise)) return share;
    return share.catch((error: unknown) => void this.logger.warn('call_log.share_unknown', { environmentId, error }));
  }

  private note(share: LogShare | Promise<LogShare | undefined>, ended: EndedCall): void {
    if (share instanceof Promise) void share.then((known) => this.keep(known, ended));
    else this.keep(share, ended);
  }

  private keep(share: LogShare | undefined, ended: EndedCall): void {
    const { environmentId } = ended.about;
    const isKept = isFailed(ended.end)
      ? this.failures.keeps(environmentId, kindOfFailure(ended), ended)
      : this.sampling.keeps({ environmentId, percent: share?.percent ?? 0 }, ended.now);
    if (isKept) this.write(ended);
  }

  private write(ended: EndedCall, unlogged?: Unlogged): void {
    try {
      this.writer.add(logEntry(ended, unlogged));
    } catch (error) {
      // The call has ended well, and must not be told otherwise.
      this.logger.error('call_log.not_noted', { error });
    }
  }
}
