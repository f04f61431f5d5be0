import { setTimeout as sleep } from 'node:timers/promises';
import { type Pool, transaction } from 'database';
import { AppError, type Credentials, type OAuth2Credentials } from 'model';
import type { Vault } from '../vault/vault.js';
import {
  beginAttempt,
  closeAbandoned,
  closeAttempt,
  closeAttempts,
  interruptedConnections,
  type StoredAnswer,
  storeAnswer,
  unappliedAnswer,
} from './attempt-log.js';
import { type ConnectionName, findConnection, refreshStateOf, sealCredentials, type StoredConnection } from './connection-row.js';
import { type Lease, releaseFailed, replaceCredential, takeLease } from './lease.js';
import { persist } from './persist.js';
import { refreshError, type RefreshProblem, reportFailure, standingError } from './refresh-failure.js';
import { type ReadBody, readTokenAnswer, type Tokens } from './token-answer.js';
import type { RequestToken, TokenAnswer } from './token-request.js';

/** A credential with its version, which every refresh and import raises. */
export type VersionedCredentials = { credentials: Credentials; version: number };

/** What the store cannot know of providers. */
export type CredentialStoreOptions = {
  /** How long before its end a provider's token counts as near it; 900 unless told. */
  bufferSeconds?: (provider: string) => number | undefined;
  readBody?: ReadBody;
};

const defaultBufferSeconds = 15 * 60;
const requestTimeoutMs = 15_000;
const pollMs = 100;
const waitMs = 60_000;

type OAuth2Connection = StoredConnection & { credentials: OAuth2Credentials & { refresh_token: string } };

/**
 * Credentials of connections, refreshed once per expiry however many processes ask: a lease with a fencing version decides who refreshes,
 * and the provider's answer is stored before anything else happens to it.
 */
export class CredentialStore {
  readonly #running = new Map<number, Promise<VersionedCredentials>>();

  constructor(
    private readonly pool: Pool,
    private readonly vault: Vault,
    private readonly requestToken: RequestToken,
    private readonly options: CredentialStoreOptions = {},
  ) {}

  /** The credential as it is stored. @throws AppError `unknown_provider_config`, `unknown_connection` */
  async read(name: ConnectionName): Promise<VersionedCredentials> {
    return asStored(await findConnection(this.pool, this.vault, name));
  }

  /**
   * The credential, refreshed when it is near its end or when that is forced. What cannot be refreshed is answered as it is.
   *
   * @throws AppError `invalid_credentials` when the provider refuses the refresh token, `refresh_token_external_error` when it gives no token,
   * `connection_refresh_backoff` for 30 s after either, `connection_refresh_exhausted` after four days of them
   */
  async fresh(name: ConnectionName, { force = false }: { force?: boolean } = {}): Promise<VersionedCredentials> {
    const connection = await findConnection(this.pool, this.vault, name);
    if (!isRefreshable(connection) || !(force || this.#isNearEnd(connection))) return asStored(connection);
    return this.#once(connection, force);
  }

  /** Ends refreshes whose process died: applies answers that were stored, tries the others again. Answers how many it looked at. */
  async recover(): Promise<number> {
    const names = await interruptedConnections(this.pool);
    for (const name of names) await this.fresh(name, { force: true }).catch(() => undefined); // recorded on the connection
    return names.length;
  }

  #isNearEnd({ provider, credentials }: OAuth2Connection): boolean {
    const buffer = this.options.bufferSeconds?.(provider) ?? defaultBufferSeconds;
    return credentials.expires_at !== undefined && credentials.expires_at.getTime() <= Date.now() + buffer * 1000;
  }

  /** One refresh per connection in this process; the lease sees to the other processes. */
  #once(connection: OAuth2Connection, force: boolean): Promise<VersionedCredentials> {
    const running = this.#running.get(connection.id);
    if (running) return running;
    const started = this.#refresh(connection, force).finally(() => this.#running.delete(connection.id));
    this.#running.set(connection.id, started);
    return started;
  }

  async #refresh(connection: OAuth2Connection, force: boolean): Promise<VersionedCredentials> {
    for (const until = Date.now() + waitMs; Date.now() < until;) {
      const standing = standingError(connection, force);
      if (standing) throw standing;
      const lease = await takeLease(this.pool, connection);
      if (lease) return this.#asHolder(connection, lease);
      const moved = await this.#othersOutcome(connection, until);
      if (moved) return moved;
    }
    throw new AppError('refresh_token_external_error', { message: 'The access token is being refreshed by another process, which has not ended' });
  }

  /** Waits for the process that holds the lease. Undefined when it lapsed or was given back without an outcome. */
  async #othersOutcome(connection: OAuth2Connection, until: number): Promise<VersionedCredentials | undefined> {
    while (Date.now() < until) {
      const state = await refreshStateOf(this.pool, connection);
      if (!state || state.version !== connection.version) return this.read(connection);
      const failed = state.lastFailure?.getTime() !== connection.state.lastFailure?.getTime();
      if (failed)
        throw standingError({ ...connection, state }, false) ?? refreshError({ kind: 'failed', reason: 'another process has just failed to', status: null });
      if (!state.leased) return undefined;
      await sleep(pollMs);
    }
    return undefined;
  }

  async #asHolder(connection: OAuth2Connection, lease: Lease): Promise<VersionedCredentials> {
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

  #ask({ environmentId, id, provider, connectionConfig, credentials, client }: OAuth2Connection): Promise<TokenAnswer> {
    return this.requestToken({
      environmentId,
      connectionId: id,
      provider,
      connectionConfig,
      clientId: credentials.config_override?.client_id ?? client.id,
      clientSecret: credentials.config_override?.client_secret ?? client.secret,
      refreshToken: credentials.refresh_token,
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
  }

  async #settle(connection: OAuth2Connection, lease: Lease, { attemptId, answer, receivedAt }: StoredAnswer): Promise<VersionedCredentials> {
    const body = this.options.readBody?.(connection.provider, answer.body) ?? answer.body;
    const outcome = readTokenAnswer({ status: answer.status, body }, receivedAt);
    if (outcome.kind === 'tokens') return this.#apply(connection, lease, attemptId, outcome.tokens);
    const { kind, status } = outcome;
    const reason = outcome.reason.replaceAll(connection.credentials.refresh_token, '[redacted]');
    if (kind !== 'rejected') return this.#fail(connection, lease, attemptId, { kind, reason, status });
    // Refused, perhaps, because a holder whose lease had lapsed spent this token; then its answer is the one that counts.
    await closeAttempt(this.pool, connection, attemptId, kind);
    const earlier = await unappliedAnswer(this.pool, this.vault, connection);
    return earlier ? this.#settle(connection, lease, earlier) : this.#fail(connection, lease, attemptId, { kind, reason, status });
  }

  async #apply(connection: OAuth2Connection, lease: Lease, attemptId: string, tokens: Tokens): Promise<VersionedCredentials> {
    const { expires_at: _, ...kept } = connection.credentials; // the end of the old token is not that of the new one
    const credentials: OAuth2Credentials = { ...kept, ...tokens };
    const sealed = await sealCredentials(this.vault, connection.environmentId, credentials);
    const expiresAt = credentials.expires_at ?? null;
    const applied = await persist(() =>
      transaction(this.pool, async (client) => {
        const replaced = await replaceCredential(client, connection, lease, { sealed, expiresAt });
        if (replaced) await closeAttempts(client, connection, attemptId);
        return replaced;
      }),
    );
    if (applied) return { credentials, version: connection.version + 1 };
    return this.#afterLoss(connection);
  }

  /** The lease had lapsed and was taken. The answer is stored: whoever holds the lease next applies it, which may be this process. */
  async #afterLoss(lost: OAuth2Connection): Promise<VersionedCredentials> {
    const connection = await findConnection(this.pool, this.vault, lost);
    return connection.version === lost.version && isRefreshable(connection) ? this.#refresh(connection, true) : asStored(connection);
  }

  async #fail(connection: OAuth2Connection, lease: Lease, attemptId: string, problem: RefreshProblem): Promise<VersionedCredentials> {
    const released = await persist(() =>
      transaction(this.pool, async (client) => {
        await closeAttempt(client, connection, attemptId, problem.kind === 'failed' && problem.status === null ? 'unknown' : problem.kind);
        const isHolder = await releaseFailed(client, connection, lease);
        if (isHolder) await reportFailure(client, connection, problem);
        return isHolder;
      }),
    );
    const now = released ? undefined : await this.read(connection);
    if (now && now.version !== connection.version) return now;
    throw refreshError(problem);
  }
}

function isRefreshable(connection: StoredConnection): connection is OAuth2Connection {
  return connection.credentials.type === 'OAUTH2' && Boolean(connection.credentials.refresh_token);
}

function asStored({ credentials, version }: StoredConnection): VersionedCredentials {
  return { credentials, version };
}

/** Names the kind of trouble only: a message of the network may repeat a URL with a secret in it. */
function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError')) return 'the token endpoint did not answer in time';
  return `no answer from the token endpoint${code ? ` (${code})` : ''}`;
}
