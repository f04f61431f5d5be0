import { Inject, Injectable } from '@nestjs/common';
import type { Answer } from 'egress';
import { type Logger, LOGGER } from 'service';
import { ParkedCall } from '../call/parked-call.js';
import type { ConfigurationCache } from '../configuration/configuration-cache.js';
import { ConfigurationListener } from '../configuration/configuration-listener.js';
import { CallLogRepository, type LogShare } from './call-log.repository.js';
import { CallLogWriter } from './call-log-writer.js';
import { CallTrace } from './call-trace.js';
import { type CallAbout, type CallEnd, isFailed, logEntry } from './log-entry.js';
import { Sampling } from './sampling.js';

type EndedCall = { about: CallAbout; trace: CallTrace; end: CallEnd; headMs?: number };

/** The log of calls: one operation each, noted when it has ended. No call ever waits for it. */
@Injectable()
export class CallLog {
  private readonly shares: ConfigurationCache<LogShare>;
  private readonly sampling = new Sampling();

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
      answer.whenOver((error) => this.note(share, { about, trace, end: { status: answer.status, error }, headMs }));
      return answer;
    } catch (error) {
      // What was parked has not ended.
      if (!(error instanceof ParkedCall)) this.note(share, { about, trace, end: { error } });
      throw error;
    }
  }

  private shareOf(environmentId: number): LogShare | Promise<LogShare | undefined> {
    const share = this.shares.get(String(environmentId), () => this.repository.shareOf(environmentId));
    if (!(share instanceof Promise)) return share;
    return share.catch((error: unknown) => void this.logger.warn('call_log.share_unknown', { environmentId, error }));
  }

  private note(share: LogShare | Promise<LogShare | undefined>, ended: EndedCall): void {
    const now = Date.now();
    if (share instanceof Promise) void share.then((known) => this.keep(known, ended, now));
    else this.keep(share, ended, now);
  }

  private keep(share: LogShare | undefined, { about, trace, end, headMs }: EndedCall, now: number): void {
    const { environmentId } = about;
    if (!this.sampling.keeps({ environmentId, percent: share?.percent ?? 0, failed: isFailed(end) }, now)) return;
    try {
      this.writer.add(logEntry(about, trace, { end, headMs, now }));
    } catch (error) {
      // The call has ended well, and must not be told otherwise.
      this.logger.error('call_log.not_noted', { error });
    }
  }
}
