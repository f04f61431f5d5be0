import { Injectable } from '@nestjs/common';
import { type Admission, type Answer, CircuitBreaker, ConnectionSlots, type OutgoingRequest, type Passage } from 'egress';
import { AppError } from 'model';

/** Whose attempt it is, and who is told that it begins. */
export type Attempt = {
  environmentId: number;
  /** Who goes first, and how long a place in the connection's rate budget is waited for. */
  admission: Pick<Admission, 'priority' | 'longestWaitMs'>;
  trace?: { sending(url: URL): void } | undefined;
};

/**
 * The way of each attempt to its host. Keeps calls from a host that does not answer, and bounds how many are under way, so that
 * one slow API starves nobody. Both for each environment by itself: what one does to a host, its neighbours do not feel.
 */
@Injectable()
export class WayOut {
  private readonly breaker = new CircuitBreaker();
  private readonly slots = new ConnectionSlots();

  /** For a call that would take something from others before it is sent. @throws AppError `upstream_circuit_open` */
  requireOpen({ environmentId }: Attempt, url: URL): void {
    const closedForMs = this.breaker.closedForMs(hostOf(environmentId, url));
    if (closedForMs !== null) throw circuitOpen(url, closedForMs);
  }

  /** `send` tells when the host itself has answered, also where it only pointed elsewhere. @throws AppError `upstream_circuit_open`, `upstream_busy` */
  async send(attempt: Attempt, { url, signal, timeoutMs }: OutgoingRequest, send: (onAnswer: () => void) => Promise<Answer>): Promise<Answer> {
    const { environmentId, trace } = attempt;
    this.requireOpen(attempt, url);
    const host = hostOf(environmentId, url);
    const place = this.slots.take({ environmentId, host: url.origin, priority: attempt.admission.priority, signal });
    const release = place instanceof Promise ? await place : place;
    // What happened while it waited counts.
    const passage = this.breaker.enter(host);
    let answered = false;
    try {
      if (passage.kind === 'open') throw circuitOpen(url, passage.retryAfterMs);
      trace?.sending(url);
      const answer = await send(() => {
        answered = true;
        this.breaker.answered(host);
      });
      answer.whenOver(release);
      return answer;
    } catch (error) {
      release();
      // A caller in a hurry says nothing about the host, nor does a host that it pointed to.
      const isOfHost = !answered && !(timeoutMs !== undefined && isTimeout(error));
      this.noteFailure(host, passage, isOfHost ? error : undefined);
      throw error;
    }
  }

  private noteFailure(host: string, passage: Passage, error: unknown): void {
    if (passage.kind !== 'open') this.breaker.failed(host, passage, { error });
  }
}

const hostOf = (environmentId: number, { origin }: URL): string => `${environmentId} ${origin}`;

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
