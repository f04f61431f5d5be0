import { setTimeout as sleep } from 'node:timers/promises';
import {
  askForToken,
  canRenew,
  readTokenAnswer,
  renewalGrant,
  type TokenContext,
  type TokenGrant,
  type TokenHttpRequest,
  type TokenHttpResponse,
  type TokenOutcome,
} from 'authorization';
import { type Pool, transaction } from 'database';
import { AppError, type Credentials } from 'model';
import { sealCredentials } from '../vault/connection-credentials.js';
import type { Vault } from '../vault/vault.js';
import {
  beginAttempt,
  closeAbandoned,
  closeAttempt,
  closeAttempts,
  countAttempts,
  interruptedConnections,
  type StoredAnswer,
  storeAnswer,
  unappliedAnswer,
} from './attempt-log.js';
import { type ConnectionName, findConnection, providerOf, refreshStateOf, type StoredConnection } from './connection-row.js';
import { type Lease, type LeaseHolder, releaseFailed, replaceCredential, takeLease } from './lease.js';
import { credentialTimes, isNearEnd } from './near-end.js';
import { persist } from './persist.js';
import { backOffSecondsOf, maxFailures, refreshError, type RefreshProblem, reportFailure, standingError } from './refresh-failure.js';

/** A credential with its version, which every refresh and import raises, and the time it was issued where that is known. */
export type VersionedCredentials = { credentials: Credentials; version: number; issuedAt: Date | null };

/** Sends a token request for an environment through the egress guard, without following redirects. @throws when no answer came */
export type SendForEnvironment = (environmentId: number, request: TokenHttpRequest, signal: AbortSignal) => Promise<TokenHttpResponse>;

/** When a credential is renewed although it is not near its end. */
export type FreshOptions = {
  /** In any case, also during a back-off. */
  force?: boolean;
  /** If it still has this version, which the API refused or the sweep found due. Keeps to back-offs. */
  version?: number | undefined;
};

const requestTimeoutMs = 15_000;
const pollMs = 100;
const waitMs = 60_000;
/**
 * A lapsed lease is watched for this long before it is taken. Its holder may be alive and was only cut off from the database, as everybody
 * was; then it stores its answer now, and a token that was spent is not spent again. Together with the sweep's two seconds it stays within
 * the five that providers with a grace period give at least.
 */
const doubtMs = 2_500;

type Issued = Extract<TokenOutcome, { kind: 'issued' }>;

/**
 * Credentials of connections, renewed once per expiry however many processes ask: a lease with a fencing version decides who asks the
 * provider, and the provider's answer is stored before anything else happens to it.
 */
export class CredentialStore {
  readonly #running = new Map<number, Promise<VersionedCredentials>>();

  constructor(
    private readonly pool: Pool,
    private readonly vault: Vault,
    private readonly send: SendForEnvironment,
    /** The application name of this process's sessions, where it has one of its own. */
    private readonly holder: LeaseHolder = null,
  ) {}

  /** The credential as it is stored. @throws AppError `unknown_provider_config`, `unknown_connection` */
  async read(name: ConnectionName): Promise<VersionedCredentials> {
    return asStored(await findConnection(this.pool, this.vault, name));
  }

  /**
   * The credential, renewed when it is near its end or when the options say so. What cannot be renewed is answered as it is.
   *
   * @throws AppError `invalid_credentials` when the provider refuses the grant, `refresh_token_external_error` when it gives no token,
   * `connection_refresh_backoff` for 30 s or longer after either, `connection_refresh_exhausted` after four days of them
   */
  async fresh(name: ConnectionName, { force = false, version }: FreshOptions = {}): Promise<VersionedCredentials> {
    const connection = await findConnection(this.pool, this.vault, name);
    if (version !== undefined && connection.version !== version) return asStored(connection);
    const isWanted = force || version !== undefined || isNearEnd({ ...connection, provider: providerOf(connection) });
    return isWanted && isRenewable(connection) ? this.#once(connection, force) : asStored(connection);
  }

  /** Ends renewals whose process died: applies answers that were stored, tries the others again. Answers how many it looked at. */
  async recover(): Promise<number> {
    const names = await interruptedConnections(this.pool, maxFailures);
    await Promise.allSettled(names.map((name) => this.fresh(name, { force: true }))); // failures are recorded on the connection
    return names.length;
  }

  /** Ends with the renewals under way: an answer that has come must be stored before the process ends, also when its caller has gone. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  /** One renewal per connection in this process; the lease sees to the other processes. */
  #once(connection: StoredConnection, force: boolean): Promise<VersionedCredentials> {
    const running = this.#running.get(connection.id);
    if (running) return running;
    const started = this.#renew(connection, force).finally(() => this.#running.delete(connection.id));
    this.#running.set(connection.id, started);
    return started;
  }

  async #renew(connection: StoredConnection, force: boolean): Promise<VersionedCredentials> {
    for (let until = Date.now() + waitMs, lapsed = false; Date.now() < until; lapsed = true) {
      const standing = standingError(connection, force);
      if (standing) throw standing;
      const lease = await takeLease(this.pool, connection, { force, lapsed, holder: this.holder });
      if (lease) return this.#asHolder(connection, lease);
      const moved = await this.#othersOutcome(connection, until);
      if (moved) return moved;
    }
    throw new AppError('refresh_token_external_error', { message: 'The access token is being refreshed by another process, which has not ended' });
  }

  /** Waits for the process that holds the lease. Undefined when it was given back without an outcome, or has lapsed beyond doubt. */
  async #othersOutcome(connection: StoredConnection, until: number): Promise<VersionedCredentials | undefined> {
    let lapsedSince: number | undefined;
    while (Date.now() < until) {
      const state = await refreshStateOf(this.pool, connection);
      if (!state || state.version !== connection.version) return this.read(connection);
      const failed = state.lastFailure?.getTime() !== connection.state.lastFailure?.getTime();
      if (failed)
        throw standingError({ ...connection, state }, false) ?? refreshError({ kind: 'failed', reason: 'another process has just failed to', status: null });
      if (!state.leased && !state.lapsed) return undefined;
      lapsedSince = state.lapsed ? (lapsedSince ?? Date.now()) : undefined;
      if (lapsedSince !== undefined && Date.now() - lapsedSince >= doubtMs) return undefined;
      await sleep(pollMs);
    }
    return undefined;
  }

  async #asHolder(connection: StoredConnection, lease: Lease): Promise<VersionedCredentials> {
    const stored = await unappliedAnswer(this.pool, this.vault, connection);
    if (stored) return this.#settle(connection, lease, stored);
    await closeAbandoned(this.pool, connection);
    const attemptId = await beginAttempt(this.pool, connection);
    const answer = await this.#ask(connection).catch((cause: unknown) => ({ problem: reasonOf(cause) }));
    if ('problem' in answer) return this.#fail(connection, lease, attemptId, { kind: 'failed', reason: answer.problem, status: null });
    const received = { attemptId, answer, receivedAt: new Date() };
    await persist(() => storeAnswer(this.pool, this.vault, connection, received));
    return this.#settle(connection, lease, received);
  }

  /** All requests of one renewal together take 15 s at most: within the lease, with time left to store the answer. */
  async #ask(connection: StoredConnection) {
    const signal = AbortSignal.timeout(requestTimeoutMs);
    const send: TokenContext['send'] = (request) => this.send(connection.environmentId, request, signal);
    return askForToken({ ...contextOf(connection), send }, grantOf(connection));
  }

  async #settle(connection: StoredConnection, lease: Lease, { attemptId, answer, receivedAt }: StoredAnswer): Promise<VersionedCredentials> {
    const outcome = readTokenAnswer(contextOf(connection), grantOf(connection), answer, receivedAt);
    if (outcome.kind === 'issued') return this.#apply(connection, lease, { attemptId, receivedAt }, outcome);
    if (outcome.kind !== 'rejected') return this.#fail(connection, lease, attemptId, outcome);
    // Refused, perhaps, because a holder whose lease had lapsed spent this token; then its answer is the one that counts.
    await closeAttempt(this.pool, connection, attemptId, outcome.kind);
    const earlier = await unappliedAnswer(this.pool, this.vault, connection);
    return earlier ? this.#settle(connection, lease, earlier) : this.#fail(connection, lease, attemptId, outcome);
  }

  async #apply(
    connection: StoredConnection,
    lease: Lease,
    { attemptId, receivedAt }: Omit<StoredAnswer, 'answer'>,
    { credentials, connectionConfig, grantedScopes }: Issued,
  ): Promise<VersionedCredentials> {
    const sealed = await sealCredentials(this.vault, connection, credentials);
    const whole = { provider: providerOf(connection), connectionConfig: { ...connection.connectionConfig, ...connectionConfig } };
    const fresh = { sealed, times: credentialTimes(credentials, receivedAt, whole), connectionConfig, grantedScopes };
    const applied = await persist(() =>
      transaction(this.pool, async (client) => {
        const replaced = await replaceCredential(client, connection, lease, fresh);
        if (replaced) await closeAttempts(client, connection, attemptId);
        return replaced;
      }),
    );
    if (applied) return { credentials, version: connection.version + 1, issuedAt: receivedAt };
    return this.#afterLoss(connection);
  }

  /** The lease had lapsed and was taken. The answer is stored: whoever holds the lease next applies it, which may be this process. */
  async #afterLoss(lost: StoredConnection): Promise<VersionedCredentials> {
    const connection = await findConnection(this.pool, this.vault, lost);
    return connection.version === lost.version && isRenewable(connection) ? this.#renew(connection, true) : asStored(connection);
  }

  async #fail(connection: StoredConnection, lease: Lease, attemptId: string, problem: RefreshProblem): Promise<VersionedCredentials> {
    const released = await persist(() =>
      transaction(this.pool, async (client) => {
        await closeAttempt(client, connection, attemptId, problem.kind === 'failed' && problem.status === null ? 'unknown' : problem.kind);
        const uses = await countAttempts(client, connection);
        const backOffSeconds = backOffSecondsOf(problem, uses);
        const isHolder = await releaseFailed(client, connection, lease, { backOffSeconds, maxFailures });
        const isReuseSuspected = problem.kind === 'rejected' && uses.uses === 1 && 'refresh_token' in connection.credentials;
        if (isHolder) await reportFailure(client, connection, { ...problem, isReuseSuspected });
        return isHolder;
      }),
    );
    const now = released ? undefined : await this.read(connection);
    if (now && now.version !== connection.version) return now;
    throw refreshError(problem);
  }
}

function isRenewable({ credentials, connectionConfig }: StoredConnection): boolean {
  return canRenew(credentials, connectionConfig);
}

function asStored({ credentials, version, issuedAt }: StoredConnection): VersionedCredentials {
  return { credentials, version, issuedAt };
}

function contextOf(connection: StoredConnection): Omit<TokenContext, 'send'> {
  const { connectionConfig, client } = connection;
  return { provider: providerOf(connection), connectionConfig, client };
}

function grantOf({ credentials, connectionConfig, connectionId }: StoredConnection): TokenGrant {
  const grant = renewalGrant(credentials, connectionConfig);
  if (!grant) throw new AppError('invalid_credentials', { message: `The credential of '${connectionId}' cannot be renewed` });
  return grant;
}

/** Errors whose message was written here and holds no secret. */
const explained = new Set(['token_request_failed', 'missing_api_url', 'invalid_credential_format', 'invalid_integration_config']);

/** Names the kind of trouble only: a message of the network may repeat a URL with a secret in it. */
function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (cause instanceof Error && explained.has(code)) return cause.message;
  if (cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError')) return 'the token endpoint did not answer in time';
  return `no answer from the token endpoint${code ? ` (${code})` : ''}`;
}
