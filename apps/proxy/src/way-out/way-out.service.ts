import { Injectable } from '@nestjs/common';
import { type Answer, CircuitBreaker, ConnectionSlots, type OutgoingRequest, type Passage } from 'egress';
import { AppError } from 'model';

/** Whose attempt it is, and who is told that it begins. */
export type Attempt = { environmentId: number; trace?: { sending(url: URL): void } | undefined };

/**
 * The way of each attempt to its host. Keeps calls from a host that does not answer, and bounds how many are under way, so that
 * one slow API starves nobody. Both for each environment by itself: what one does to a host, its neighbours do not feel.
 */
@Injectable()
export class WayOut {
  private readonly breaker = new CircuitBreaker();
  private readonly slots = new ConnectionSlots();

  /** @throws AppError `upstream_circuit_open`, `upstream_busy` */
  async send({ environmentId, trace }: Attempt, { url, signal }: OutgoingRequest, send: () => Promise<Answer>): Promise<Answer> {
    const host = `${environmentId} ${url.origin}`;
    const closedForMs = this.breaker.closedForMs(host);
    if (closedForMs !== null) throw circuitOpen(url, closedForMs);
    const place = this.slots.take(environmentId, url.origin, signal);
    const release = place instanceof Promise ? await place : place;
    // What happened while it waited counts.
    const passage = this.breaker.enter(host);
    try {
      if (passage.kind === 'open') throw circuitOpen(url, passage.retryAfterMs);
      trace?.sending(url);
      const answer = await send();
      this.breaker.answered(host);
      answer.whenOver(release);
      return answer;
    } catch (error) {
      release();
      this.noteFailure(host, passage, error);
      throw error;
    }
  }

  private noteFailure(host: string, passage: Passage, error: unknown): void {
    if (passage.kind !== 'open') this.breaker.failed(host, passage, { error });
  }
}

function circuitOpen({ host }: URL, retryAfterMs: number): AppError {
  const retryAfterSeconds = Math.ceil(retryAfterMs / 1_000);
  return new AppError('upstream_circuit_open', {
    message: `${host} did not answer the last calls; it is tried again in ${retryAfterSeconds} s`,
    payload: { host, retryAfterSeconds },
  });
}
