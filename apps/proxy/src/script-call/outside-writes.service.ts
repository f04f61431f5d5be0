import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { isResult } from 'journal';
import { type Lease, leaseMs, OutsideCalls, type Outcome, type RunningExecution, type WriteState } from 'journal/postgres';
import { AppError, type ScriptCall } from 'model';
import { make, type Made, parkedReply, type Perform, type Reply, replyOf } from './reply.js';

/** Makes ready what can fail without anything having been sent, and answers what sends. */
export type Prepare = () => Promise<Perform>;

const renewMs = leaseMs / 3;
const pollMs = 250;
/** A proxy that was kept from the database may still hold the result: it gets so long to record it. */
const lapsedGraceMs = 2_000;
const storing = { firstWaitMs: 100, longestWaitMs: 1_000, forMs: 10 * 60_000 };

/**
 * Writes of a script: intent first, result after. A call that has begun goes on without its caller; whoever asks for it
 * meanwhile waits for its result.
 */
@Injectable()
export class OutsideWrites {
  readonly #open = new Map<string, Promise<Reply>>();

  constructor(private readonly journal: OutsideCalls) {}

  async call(execution: RunningExecution, request: ScriptCall, prepare: Prepare): Promise<Reply> {
    const key = `${execution.executionId} ${request.call}`;
    const open = this.#open.get(key);
    if (open) {
      // The database takes the tape that came this time, and knows whether this caller still has a say.
      await this.journal.open(execution, request.call, request.tape);
      return open;
    }
    const call = this.#run(execution, request, prepare).finally(() => this.#open.delete(key));
    this.#open.set(key, call);
    return call;
  }

  async #run(execution: RunningExecution, request: ScriptCall, prepare: Prepare): Promise<Reply> {
    let state: WriteState = await this.journal.open(execution, request.call, request.tape);
    for (let lapses = 0; ; state = await this.journal.open(execution, request.call)) {
      if (state.kind === 'recorded') return replyOf(state.outcome);
      const lease = state.kind === 'mine' ? state.lease : state.kind === 'lapsed' && lapses++ > 0 ? await this.#takeOver(request, state.abandoned) : null;
      const reply = lease && (await this.#send(lease, prepare));
      if (reply) return reply;
      if (!lease) await wait(state.kind === 'lapsed' ? lapsedGraceMs : pollMs);
    }
  }

  /** The proxy that held it is gone, and so is what it knew. */
  async #takeOver(request: ScriptCall, abandoned: Lease): Promise<Lease | null> {
    const lease = await this.journal.takeOver(abandoned);
    if (!lease || mayBeSentAgain(request)) return lease;
    await this.journal.close(lease, { kind: 'failed', error: unknownOutcome(request) });
    return null;
  }

  /** Null when somebody else has taken the call over meanwhile: its result is theirs to tell. */
  async #send(lease: Lease, prepare: Prepare): Promise<Reply | null> {
    const renewal = setInterval(() => void this.journal.renew(lease).catch(() => undefined), renewMs);
    try {
      const made = await make(await this.#prepared(lease, prepare), lease.retriesUsed);
      return await this.#conclude(lease, made);
    } finally {
      clearInterval(renewal);
    }
  }

  /** A refusal before anything was sent is the call's outcome; a failure of the platform leaves the call to be sent by the next one. */
  async #prepared(lease: Lease, prepare: Prepare): Promise<Perform> {
    try {
      return await prepare();
    } catch (error) {
      if (isResult(error)) return () => Promise.reject(error);
      await this.journal.release(lease);
      throw error;
    }
  }

  async #conclude(lease: Lease, made: Made): Promise<Reply | null> {
    if (made.kind === 'parked') {
      await this.journal.release(lease, made.parked.retriesUsed);
      return parkedReply(made.parked);
    }
    return (await this.#store(lease, made.outcome)) ? replyOf(made.outcome) : null;
  }

  /** The database may be away; the result must not be lost for that. */
  async #store(lease: Lease, outcome: Outcome): Promise<boolean> {
    const until = Date.now() + storing.forMs;
    for (let pauseMs = storing.firstWaitMs; ; pauseMs = Math.min(pauseMs * 2, storing.longestWaitMs)) {
      try {
        return await this.journal.close(lease, outcome);
      } catch (error) {
        if (Date.now() > until) throw error;
        await wait(pauseMs);
      }
    }
  }
}

/** Whether a call may be sent a second time: by its method, by a key that lets the API tell, or by its caller's word. */
export function mayBeSentAgain({ method, headers, retries }: Pick<ScriptCall, 'method' | 'headers' | 'retries'>): boolean {
  if (method === 'PUT' || method === 'DELETE' || retries > 0) return true;
  return Object.keys(headers).some((name) => /idempoten(cy|ce)/i.test(name));
}

function unknownOutcome({ method, endpoint }: ScriptCall): AppError {
  return new AppError('call_outcome_unknown', {
    message: 'The call was sent, and the process that waited for its answer died: whether it took effect is not known, and it is not sent again',
    payload: { method, endpoint },
  });
}
