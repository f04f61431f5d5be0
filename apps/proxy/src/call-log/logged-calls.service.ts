import { Injectable } from '@nestjs/common';
import type { Answer } from 'egress';
import type { RunningExecution } from 'journal/postgres';
import { CallService } from '../call/call.service.js';
import type { OutgoingCall } from '../call/outgoing-call.js';
import type { Target } from '../connection/target.js';
import { aboutCall } from './about-call.js';
import { CallLog } from './call-log.service.js';

/** Calls, each noted in the log of calls. */
@Injectable()
export class LoggedCalls {
  constructor(
    private readonly calls: CallService,
    private readonly log: CallLog,
  ) {}

  /** On behalf of a connection, or freely of nobody. `execution` is the one whose script asks. */
  call(target: Target | null, call: OutgoingCall, execution?: RunningExecution): Promise<Answer> {
    return this.log.traced(aboutCall(target, call, execution), (trace) =>
      target ? this.calls.call(target, { ...call, trace }) : this.calls.callFreely({ ...call, trace }),
    );
  }
}
