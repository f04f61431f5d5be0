import { randomUUID } from 'node:crypto';
import type { Queryable } from 'database';
import { channels } from 'model';
import type { StoredConnection } from './connection-row.js';

/** The right to refresh one version of one credential, until it lapses. */
export type Lease = { token: string };

/** Takes the lease if it is free and the credential is still the one that was read. No transaction stays open during the call. */
export async function takeLease(client: Queryable, { environmentId, id, version }: StoredConnection): Promise<Lease | undefined> {
  const token = randomUUID();
  const { rowCount } = await client.query(
    `update connection set lease_token = $4, lease_until = now() + interval '45 seconds'
     where id = $1 and environment_id = $2 and credential_version = $3 and deleted_at is null and (lease_until is null or lease_until < now())`,
    [id, environmentId, version, token],
  );
  return rowCount === 1 ? { token } : undefined;
}

/** Replaces the credential under its lease and ends every trouble it was in. False for a stale holder. */
export async function replaceCredential(
  client: Queryable,
  { environmentId, id, version }: StoredConnection,
  lease: Lease,
  fresh: { sealed: string; expiresAt: Date | null },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update connection set credentials = $5, credential_expires_at = $6, credential_version = credential_version + 1, lease_token = null,
       lease_until = null, last_refresh_failure = null, refresh_failures = 0, updated_at = now()
     where id = $1 and environment_id = $2 and credential_version = $3 and lease_token = $4`,
    [id, environmentId, version, lease.token, fresh.sealed, fresh.expiresAt],
  );
  if (rowCount !== 1) return false;
  await client.query(`delete from connection_error where connection_id = $1 and environment_id = $2 and type = 'auth'`, [id, environmentId]);
  await client.query('select pg_notify($1, $2)', [channels.configuration, `connection:${id}`]);
  return true;
}

/** Gives the lease back with a failure, which counts at most once a day. False for a stale holder. */
export async function releaseFailed(client: Queryable, { environmentId, id, version }: StoredConnection, lease: Lease): Promise<boolean> {
  const { rowCount } = await client.query(
    `update connection set lease_token = null, lease_until = null, last_refresh_failure = now(), refresh_failures = refresh_failures +
       case when (last_refresh_failure at time zone 'UTC')::date = (now() at time zone 'UTC')::date then 0 else 1 end
     where id = $1 and environment_id = $2 and credential_version = $3 and lease_token = $4`,
    [id, environmentId, version, lease.token],
  );
  return rowCount === 1;
}
