import type { ServerResponse } from 'node:http';
import type { Credentials } from 'model';
import { json, type SeenRequest, type Upstream } from './upstream.js';

type Options = { delayMs?: number; graceMs?: number };
type Answer = { status: number; body: object };

/**
 * One customer's grant at an authorization server that rotates strictly, with the API that takes its access tokens: a refresh token that
 * is used again, later than a grace period (none unless set), revokes the whole grant.
 */
export class RotatingGrant {
  calls = 0;
  /** How often a used refresh token came again, in its grace period or not. */
  reused = 0;
  revoked = false;
  /** Set to hold the endpoint: `arrived` before it does anything, `issued` when the tokens are rotated and the answer is not sent. */
  hold: { arrived?: Promise<unknown> | undefined; issued?: Promise<unknown> | undefined } = {};
  /** Tokens that were issued. */
  issued = 0;
  readonly #spentAt = new Map<string, number>();

  constructor(
    private readonly upstream: Upstream,
    private readonly options: Options = {},
  ) {
    this.serve();
  }

  /** Answers the upstream's `/oauth/token` and `/items`, whatever answered there before. */
  serve(): void {
    this.upstream.answers('/oauth/token', (seen, response) => void this.#token(seen, response));
    this.upstream.answers('/items', (seen, response) => this.#api(seen, response));
  }

  /** Keeps the answer back once the tokens are rotated; the function that is returned sends it. */
  holdAnswer(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.hold = { issued: promise };
    return resolve;
  }

  /** The first credential, whose access token has expired. */
  get credentials(): Credentials {
    return { type: 'OAUTH2', access_token: 'access-0', refresh_token: 'refresh-0', expires_at: new Date(Date.now() - 1000), raw: {} };
  }

  /** The API takes no access token that was issued so far. */
  expireAccess(): void {
    this.#firstValid = this.issued + 1;
  }
  #firstValid = 1;

  async #token({ body }: SeenRequest, response: ServerResponse): Promise<void> {
    this.calls++;
    await this.hold.arrived;
    const { status, body: answer } = this.#exchange(new URLSearchParams(body.toString()).get('refresh_token') ?? '');
    await this.hold.issued;
    setTimeout(() => json(status, answer)({ method: '', url: '', headers: {}, body }, response), this.options.delayMs ?? 0);
  }

  #exchange(token: string): Answer {
    const spentAt = this.#spentAt.get(token);
    if (spentAt !== undefined) this.reused++;
    const isLate = spentAt !== undefined && Date.now() - spentAt > (this.options.graceMs ?? -1);
    if (isLate || !this.#knows(token)) this.revoked = true;
    if (this.revoked) return { status: 400, body: { error: 'invalid_grant', error_description: 'the grant was revoked' } };
    if (spentAt === undefined) this.#spentAt.set(token, Date.now());
    this.issued++;
    return { status: 200, body: { access_token: `access-${this.issued}`, refresh_token: `refresh-${this.issued}`, expires_in: 3600 } };
  }

  #knows(token: string): boolean {
    const [, number = 'NaN'] = /^refresh-(\d+)$/.exec(token) ?? [];
    return Number(number) <= this.issued;
  }

  #api({ headers, ...seen }: SeenRequest, response: ServerResponse): void {
    const [, number = 'NaN'] = /^Bearer access-(\d+)$/.exec(headers.authorization ?? '') ?? [];
    const isValid = !this.revoked && Number(number) >= this.#firstValid && Number(number) <= this.issued;
    json(isValid ? 200 : 401, { token: number })({ headers, ...seen }, response);
  }
}
