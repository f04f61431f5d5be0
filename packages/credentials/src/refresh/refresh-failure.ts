import { randomUUID } from 'node:crypto';
import type { Queryable } from 'database';
import { AppError, channels } from 'model';
import type { StoredConnection } from './connection-row.js';

/** Why a refresh did not work, in words that hold no secret. */
export type RefreshProblem = { kind: 'rejected' | 'failed'; reason: string; status: number | null };

/** Days with a failure after which nothing is tried any more until the credential is replaced. */
export const mostFailures = 4;

/** What the caller of a failed refresh is told. */
export function refreshError(problem: RefreshProblem): AppError {
  if (problem.kind === 'rejected')
    return new AppError('invalid_credentials', { message: `The provider no longer accepts this connection's credentials (${problem.reason})` });
  return new AppError('refresh_token_external_error', { message: `The access token could not be refreshed (${problem.reason})` });
}

/** What the next callers are told without trying. Undefined when it may be tried. */
export function standingError({ state }: StoredConnection, force: boolean): AppError | undefined {
  if (state.failures >= mostFailures)
    return new AppError('connection_refresh_exhausted', { message: 'The refresh has failed for days; the connection must be authorised again' });
  if (state.backingOff && !force)
    return new AppError('connection_refresh_backoff', { message: 'The refresh has just failed; it is tried again after 30 seconds' });
  return undefined;
}

/** Makes a failure seen: the logs, the connection's standing problem, and once per problem a webhook to the product. */
export async function reportFailure(client: Queryable, connection: StoredConnection, problem: RefreshProblem): Promise<void> {
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

async function writeOperation(
  client: Queryable,
  { environmentId, providerConfigKey, connectionId }: StoredConnection,
  { kind, reason, status }: RefreshProblem,
): Promise<string> {
  const operationId = randomUUID();
  await client.query(
    `insert into operation (id, environment_id, kind, title, status, integration, connection_id, ended_at)
     values ($1, $2, 'auth', 'Refresh of the access token', 'failed', $3, $4, now())`,
    [operationId, environmentId, providerConfigKey, connectionId],
  );
  await client.query(`insert into operation_message (operation_id, environment_id, at, level, message, meta) values ($1, $2, now(), 'error', $3, $4)`, [
    operationId,
    environmentId,
    `The provider did not renew the token: ${reason}`,
    JSON.stringify({ kind, status }),
  ]);
  return operationId;
}

type Settings = { name: string; webhook_url: string | null; webhook_url_secondary: string | null; on_auth_refresh_error: boolean };

async function announceFailure(client: Queryable, connection: StoredConnection, problem: RefreshProblem, operationId: string): Promise<void> {
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
