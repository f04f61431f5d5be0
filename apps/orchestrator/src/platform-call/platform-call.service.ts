import { Inject, Injectable } from '@nestjs/common';
import { CallJournal, type CallSite, type RunningExecution } from 'journal/postgres';
import { type PlatformCall, platformCalls, type PlatformReply, type PlatformRequest } from 'model';
import { HANDLERS, type PlatformHandler, type PlatformHandlers } from './handlers.js';

@Injectable()
export class PlatformCallService {
  constructor(
    @Inject(HANDLERS) private readonly handlers: PlatformHandlers,
    private readonly journal: CallJournal,
  ) {}

  /** One transaction with its journal entry: done by the generation that runs, and once for each call. */
  async perform(execution: RunningExecution, { call, request, tape, sawError }: PlatformRequest): Promise<PlatformReply> {
    // What the run writes next flushes what it has read; a read by itself is worth no wait for the disk.
    const flush = platformCalls[request.method].effect === 'write' ? 'now' : 'later';
    const value = await this.journal.once(execution, { call, tape, flush, sawError }, (site) => this.handle(site, request));
    return { value };
  }

  private handle(site: CallSite, { method, args }: PlatformCall): Promise<unknown> {
    // A method and its arguments were parsed together; the compiler cannot see that they belong together.
    const handler = this.handlers[method] as PlatformHandler<typeof method>;
    return handler(site, args as never);
  }
}
