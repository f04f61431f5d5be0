import type { ServerResponse } from 'node:http';
import { json, type SeenRequest } from './upstream.js';

/** What happens between the spending of a refresh token and the answer. */
type Moment = (count: number) => Promise<void> | void;

/**
 * A token endpoint that rotates strictly: a refresh token works once, and one that is used again revokes the whole family. With `graceMs` a
 * token may be used again for that long, as several providers allow for answers that were lost.
 */
export class StrictTokens {
  calls = 0;
  /** Times that a spent token came again, within or after the grace. */
  doubleUses = 0;
  isRevoked = false;
  /** Awaited before the token is spent, and after. */
  beforeSpending: Moment = () => undefined;
  afterSpending: Moment = () => undefined;
  #current = 0;
  #spentAt = 0;

  constructor(private readonly graceMs = 0) {}

  /** The refresh token that works next. */
  get refreshToken(): string {
    return `refresh-${this.#current}`;
  }

  /** For {@link Upstream.answers}. */
  readonly answer = (seen: SeenRequest, response: ServerResponse): void => void this.#answer(seen, response);

  async #answer(seen: SeenRequest, response: ServerResponse): Promise<void> {
    const count = ++this.calls;
    await this.beforeSpending(count);
    const isTaken = this.#spend(new URLSearchParams(seen.body.toString()).get('refresh_token') ?? '');
    const [access, refresh] = [`access-${this.#current}`, this.refreshToken];
    await this.afterSpending(count);
    const answer = isTaken ? json(200, { access_token: access, refresh_token: refresh, expires_in: 3600 }) : json(400, { error: 'invalid_grant' });
    answer(seen, response);
  }

  #spend(token: string): boolean {
    const isCurrent = token === this.refreshToken;
    const isGraced = !isCurrent && token === `refresh-${this.#current - 1}` && Date.now() - this.#spentAt < this.graceMs;
    if (!isCurrent) this.doubleUses++;
    if (!isCurrent && !isGraced) this.isRevoked = true;
    if (this.isRevoked) return false;
    if (isCurrent) [this.#current, this.#spentAt] = [this.#current + 1, Date.now()];
    return true;
  }
}
