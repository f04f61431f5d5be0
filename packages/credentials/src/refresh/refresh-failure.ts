import { randomUUID } from 'node:crypto';
import type { Queryable } from 'database';
import { AppError, channels } from 'model';
import type { AttemptCount } from './attempt-log.js';
import type { StoredConnection } from './connection-row.js';

/** Why a refresh did not work, in words that hold no secret. */
export type RefreshProblem = {
  kind: 'rejected' | 'failed';
  reason: string;
  status: number | null;
  /** What the endpoint asked for. */
  retryAfterSeconds?: number | undefined;
  /** The provider revoked a refresh token that was used once only: somebody else may have used it. */
  isReuseSuspected?: boolean | undefined;
};

/** Why a credential is no good. `refused`: nothing was renewed, the API does not take it. */
export type CredentialProblem = Omit<RefreshProblem, 'kind'> & { kind: RefreshProblem['kind'] | 'refused' };

/** Days with a failure after which nothing is tried any more until the credential is replaced. */
export const maxFailures = 4;

const backOffSeconds = 30;
const rejectedBackOffSeconds = 3600;

/** How long nobody tries again: as long as the endpoint asks for, and an hour once the same credential was rejected twice. */
export function backOffSecondsOf({ kind, retryAfterSeconds = 0 }: RefreshProblem, uses: AttemptCount): number {
  return Math.max(backOffSeconds, retryAfterSeconds, kind === 'rejected' && uses.rejected >= 2 ? rejectedBackOffSeconds : 0);
}

/** What the caller of a failed refresh is told. */
export function refreshError(problem: CredentialProblem): AppError {
  if (problem.kind !== 'failed')
    return new AppError('invalid_credentials', { message: `The provider no longer accepts this connection's credentials (${problem.reason})` });
  return new AppError('refresh_token_external_error', { message: `The access token could not be refreshed (${problem.reason})` });
}

/** What the next callers are told without trying. Undefined when it may be tried. */
export function standingError({ state }: StoredConnection, force: boolean): AppError | undefined {
  if (state.failures >= maxFailures)
    return new AppError('connection_refresh_exhausted', { message: 'The refresh has failed for days; the connection must be authorised again' });
  if (state.backingOff && !force)
    return new AppError('connection_refresh_backoff', {
      message: 'The refresh has just failed; it is tried again after its back-off, of 30 seconds unless the provider asked for more',
    });
  return undefined;
}

/** Makes a failure seen: the logs, the connection's standing problem, and once per problem a webhook to the product. */
export async function reportFailure(client: Queryable, connection: StoredConnection, problem: CredentialProblem): Promise<void> {
  const operationId = await writeOperation(client, connection, problem);
  const { environmentId, id } = connection;
  const standing = await client.query(`delete from connection_error where connection_id = $1 and environment_id = $2 and type = 'auth'`, [id, environmentId]);
  await client.query(`insert into connection_error (environment_id, connection_id, type, operation_id) values ($1, $2, 'auth', $3)`, [
    environmentId,
    id,
    operationId,
  ]);
  await client.query('select pg_notify($1, $2)', [channels.configuration, `connection:${id}`]);
  if (standing.rowCount === 0) await announceFailure(client, connection, problem, operationId);
}

const reuseSuspected =
  'The provider revoked a refresh token that was used once only. Unless the customer disconnected the app, somebody else may hold the token: authorise the connection again and look at who can read it.';

async function writeOperation(
  client: Queryable,
  { environmentId, providerConfigKey, connectionId }: StoredConnection,
  { kind, reason, status, isReuseSuspected }: CredentialProblem,
): Promise<string> {
  const operationId = randomUUID();
  await client.query(
    `insert into operation (id, environment_id, kind, title, status, integration, connection_id, ended_at)
     values ($1, $2, 'auth', $5, 'failed', $3, $4, now())`,
    [operationId, environmentId, providerConfigKey, connectionId, kind === 'refused' ? 'Credential refused by the API' : 'Refresh of the access token'],
  );
  const addMessage = (level: string, message: string, meta: object): Promise<unknown> =>
    client.query(`insert into operation_message (operation_id, environment_id, at, level, message, meta) values ($1, $2, now(), $3, $4, $5)`, [
      operationId,
      environmentId,
      level,
      message,
      JSON.stringify(meta),
    ]);
  await addMessage('error', kind === 'refused' ? `The API does not take the credential: ${reason}` : `The provider did not renew the token: ${reason}`, {
    kind,
    status,
  });
  if (isReuseSuspected) await addMessage('warn', reuseSuspected, { event: 'auth.reuse_suspected' });
  return operationId;
}

type Settings = { name: string; webhook_url: string | null; webhook_url_secondary: string | null; on_auth_refresh_error: boolean };

async function announceFailure(client: Queryable, connection: StoredConnection, problem: CredentialProblem, operationId: string): Promise<void> {
  const { environmentId, connectionId, providerConfigKey, provider } = connection;
  const { rows } = await client.query<Settings>('select name, webhook_url, webhook_url_secondary, on_auth_refresh_error from environment where id = $1', [
    environmentId,
  ]);
  const [settings] = rows;
  if (!settings?.on_auth_refresh_error) return;
  const error = { type: refreshError(problem).code, description: problem.reason };
  const about = { connectionId, authMode: connection.credentials.type, providerConfigKey, provider, environment: settings.name };
  const body = JSON.stringify({ from: 'nango', type: 'auth', ...about, operation: 'refresh', success: false, error });
  for (const url of [settings.webhook_url, settings.webhook_url_secondary]) {
    if (!url) continue;
    await client.query('insert into outbox_event (id, environment_id, operation_id, url, body) values ($1, $2, $3, $4, $5)', [
      randomUUID(),
      environmentId,
      operationId,
      url,
      body,
    ]);
  }
  await client.query('select pg_notify($1, $2)', [channels.outbox, '']);
}
