import { Inject, Injectable } from '@nestjs/common';
import { CallJournal, type CallSite, type RunningExecution } from 'journal/postgres';
import type { PlatformCall, PlatformReply, PlatformRequest } from 'model';
import { HANDLERS, type PlatformHandler, type PlatformHandlers } from './handlers.js';

@Injectable()
export class PlatformCallService {
  constructor(
    @Inject(HANDLERS) private readonly handlers: PlatformHandlers,
    private readonly journal: CallJournal,
  ) {}

  /** One transaction with its journal entry: done by the generation that runs, and once for each call. */
  async perform(execution: RunningExecution, { call, request }: PlatformRequest): Promise<PlatformReply> {
    const value = await this.journal.once(execution, call, (site) => this.handle(site, request));
    return { value };
  }

  private handle(site: CallSite, { method, args }: PlatformCall): Promise<unknown> {
    // A method and its arguments were parsed together; the compiler cannot see that they belong together.
    const handler = this.handlers[method] as PlatformHandler<typeof method>;
    return handler(site, args as never);
  }
}
