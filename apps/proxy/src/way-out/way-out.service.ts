import { Injectable } from '@nestjs/common';
import { type Admission, type Answer, CircuitBreaker, ConnectionSlots, depart, type Departure, type OutgoingRequest, type Passage, type Place } from 'egress';
import { AppError } from 'model';

/** Whose attempt it is, how urgent, and who is told that it begins. */
export type Attempt = {
  environmentId: number;
  /** Who goes first, and how long a place in the connection's rate budget is waited for. */
  admission: Pick<Admission, 'priority' | 'longestWaitMs'>;
  trace?: { sending(url: URL): void } | undefined;
};

/** What makes an attempt: `admit` asks for its place in a rate budget, `send` tells when the host itself has answered, also where it only pointed elsewhere. */
export type Steps = { admit: (since: number) => Place | Promise<Place>; send: (onAnswer: () => void) => Promise<Answer> };

/**
 * The way of each attempt to its host. Keeps calls from a host that does not answer, and bounds how many are under way, so that
 * one slow API starves nobody. Both for each environment by itself: what one does to a host, its neighbours do not feel.
 */
@Injectable()
export class WayOut {
  private readonly breaker = new CircuitBreaker();
  private readonly slots = new ConnectionSlots();

  /** @throws AppError `upstream_circuit_open`, `upstream_busy`; LongWait */
  async send(attempt: Attempt, request: OutgoingRequest, { admit, send }: Steps): Promise<Answer> {
    const { environmentId, trace } = attempt;
    const { url } = request;
    // What is refused here has taken no place that others would miss.
    const closedForMs = this.breaker.closedForMs(hostOf(environmentId, url));
    if (closedForMs !== null) throw circuitOpen(url, closedForMs);
    const ready = this.ready(attempt, request, admit);
    const { release, place } = ready instanceof Promise ? await ready : ready;
    const passage = this.enter(attempt, url, { release, place });
    let answered = false;
    try {
      trace?.sending(url);
      const answer = await send(() => {
        answered = true;
        this.breaker.answered(hostOf(environmentId, url));
      });
      answer.whenOver(release);
      place.answered(answer);
      return answer;
    } catch (error) {
      release();
      place.failed();
      this.breaker.failed(hostOf(environmentId, url), passage, { error: failureOfHost(error, request, answered) });
      throw error;
    }
  }

  private ready({ environmentId, admission }: Attempt, { url, signal }: OutgoingRequest, admit: Steps['admit']): Departure | Promise<Departure> {
    const since = Date.now();
    return depart(this.slots, { environmentId, host: url.origin, priority: admission.priority, since, signal }, () => admit(since));
  }

  /** What happened while it waited counts. */
  private enter({ environmentId }: Attempt, url: URL, { release, place }: Departure): Passage {
    const passage = this.breaker.enter(hostOf(environmentId, url));
    if (passage.kind !== 'open') return passage;
    release();
    place.unused();
    throw circuitOpen(url, passage.retryAfterMs);
  }
}

const hostOf = (environmentId: number, { origin }: URL): string => `${environmentId} ${origin}`;

/** A caller in a hurry says nothing about the host, nor does a host that it pointed to. */
function failureOfHost(error: unknown, { timeoutMs }: OutgoingRequest, answered: boolean): unknown {
  return answered || (timeoutMs !== undefined && isTimeout(error)) ? undefined : error;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'UND_ERR_HEADERS_TIMEOUT' || error.code === 'UND_ERR_CONNECT_TIMEOUT');
}

function circuitOpen({ host }: URL, retryAfterMs: number): AppError {
  const retryAfterSeconds = Math.ceil(retryAfterMs / 1_000);
  return new AppError('upstream_circuit_open', {
    message: `${host} did not answer the last calls; it is tried again in ${retryAfterSeconds} s`,
    payload: { host, retryAfterSeconds },
  });
}
