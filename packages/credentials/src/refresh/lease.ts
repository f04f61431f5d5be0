import { randomUUID } from 'node:crypto';
import type { Queryable } from 'database';
import { channels } from 'model';
import type { StoredConnection } from './connection-row.js';
import { hasSessions, isLapsed } from './lapsed-lease.js';
import type { CredentialTimes } from './near-end.js';

/** The right to refresh one version of one credential, until it lapses. */
export type Lease = { token: string };

/** A new credential, sealed, with what its answer adds to the connection. */
export type FreshCredential = {
  sealed: string;
  times: CredentialTimes;
  connectionConfig: Record<string, string>;
  grantedScopes?: string[] | undefined;
};

/** A failed connection is left alone by the sweep for at least this long. */
const minSweepBackOffSeconds = 300;

/** Who takes a lease: the application name of its process's sessions, by which the others see that it lives. */
export type LeaseHolder = string | null;

/** Whose leases are taken beside free ones: `force` takes a back-off, which is a lease that nobody holds, `lapsed` one whose holder seems dead. */
export type LeaseOptions = { force?: boolean; lapsed?: boolean; holder?: LeaseHolder };

/**
 * Takes the lease if it is free and the credential is still the one that was read. No transaction stays open during the call. The holder is
 * noted where the database shows its sessions; a pooler between may hide them, and then only the lease's time counts.
 */
export async function takeLease(
  client: Queryable,
  { environmentId, id, version }: StoredConnection,
  { force = false, lapsed = false, holder = null }: LeaseOptions = {},
): Promise<Lease | undefined> {
  const token = randomUUID();
  const { rowCount } = await client.query(
    `update connection c set lease_token = $4, lease_until = now() + interval '45 seconds',
       lease_holder = case when ${hasSessions('$7::text')} then $7 end
     where id = $1 and environment_id = $2 and credential_version = $3 and deleted_at is null
       and case when lease_token is null then lease_until is null or lease_until < now() or $5 else $6 and ${isLapsed} end`,
    [id, environmentId, version, token, force, lapsed, holder],
  );
  return rowCount === 1 ? { token } : undefined;
}

/** Replaces the credential under its lease and ends every trouble it was in. False for a stale holder. */
export async function replaceCredential(
  client: Queryable,
  { environmentId, id, version }: StoredConnection,
  lease: Lease,
  { sealed, times, connectionConfig, grantedScopes }: FreshCredential,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update connection set credentials = $5, credential_expires_at = $6, credential_issued_at = $7, credential_renew_at = $8,
       connection_config = connection_config || $9, scopes = case when $10::jsonb is null then scopes else jsonb_set(scopes, '{granted}', $10) end,
       credential_version = credential_version + 1, lease_token = null, lease_until = null, last_refresh_failure = null, refresh_failures = 0,
       refusals = null, updated_at = now()
     where id = $1 and environment_id = $2 and credential_version = $3 and lease_token = $4 and deleted_at is null`,
    [id, environmentId, version, lease.token, sealed, times.expiresAt, times.issuedAt, times.renewAt, connectionConfig, jsonOf(grantedScopes)],
  );
  if (rowCount !== 1) return false;
  await client.query(`delete from connection_error where connection_id = $1 and environment_id = $2 and type = 'auth'`, [id, environmentId]);
  await client.query('select pg_notify($1, $2)', [channels.configuration, `connection:${id}`]);
  return true;
}

/**
 * Gives the lease back with a failure, which counts at most once a day, and keeps it from being taken again for `backOffSeconds`. After
 * the last failing day nothing renews the credential unasked. False for a stale holder.
 */
export async function releaseFailed(
  client: Queryable,
  { environmentId, id, version }: StoredConnection,
  lease: Lease,
  { backOffSeconds, maxFailures }: { backOffSeconds: number; maxFailures: number },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update connection set lease_token = null, lease_until = now() + make_interval(secs => $5), last_refresh_failure = now(),
       refresh_failures = counted.failures,
       credential_renew_at = case when counted.failures < $6 and credential_renew_at is not null then now() + make_interval(secs => $7) end
     from (select id, refresh_failures + case when (last_refresh_failure at time zone 'UTC')::date = (now() at time zone 'UTC')::date
       then 0 else 1 end as failures from connection where id = $1 and environment_id = $2) counted
     where connection.id = counted.id and environment_id = $2 and credential_version = $3 and lease_token = $4 and deleted_at is null`,
    [id, environmentId, version, lease.token, backOffSeconds, maxFailures, Math.max(backOffSeconds, minSweepBackOffSeconds)],
  );
  return rowCount === 1;
}

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
