import { Injectable } from '@nestjs/common';
import { ReadJournal, type RunningExecution } from 'journal/postgres';
import type { ScriptCall } from 'model';
import { make, parkedReply, type Perform, type Reply, replyOf } from './reply.js';

/** Reads of a script: each is recorded before it is answered, and answered from the record when it is asked for again. */
@Injectable()
export class RecordedReads {
  constructor(private readonly journal: ReadJournal) {}

  async call(execution: RunningExecution, { call, tape }: ScriptCall, perform: Perform): Promise<Reply> {
    const known = await this.journal.find(execution, call, tape);
    if (known.kind === 'recorded') return replyOf(known.outcome);
    const made = await make(perform, known.retriesUsed);
    if (made.kind === 'outcome') return replyOf(await this.journal.record(execution, call, made.outcome, tape));
    await this.journal.park(execution, call, made.parked.retriesUsed, tape);
    return parkedReply(made.parked);
  }
}
