import { randomUUID } from 'node:crypto';
import type { TokenAnswer } from 'authorization';
import type { Queryable } from 'database';
import { purposes } from '../vault/purposes.js';
import type { Vault } from '../vault/vault.js';
import type { StoredConnection } from './connection-row.js';
import { isLapsed } from './lapsed-lease.js';

/** An answer with the time it came, as it is stored before anything else happens to it. */
export type StoredAnswer = { attemptId: string; answer: TokenAnswer; receivedAt: Date };

/** How an attempt ended. `unknown`: nobody knows whether the provider has spent the refresh token. */
export type AttemptOutcome = 'applied' | 'stale' | 'rejected' | 'failed' | 'unknown';

/** Writes down that a refresh token is about to be spent. */
export async function beginAttempt(client: Queryable, { environmentId, id, version }: StoredConnection): Promise<string> {
  const attemptId = randomUUID();
  await client.query('insert into refresh_attempt (id, environment_id, connection_id, credential_version) values ($1, $2, $3, $4)', [
    attemptId,
    environmentId,
    id,
    version,
  ]);
  return attemptId;
}

/** Stores the provider's answer. Until this is done, a rotated token exists in this process's memory alone. A successor may have given the attempt up. */
export async function storeAnswer(
  client: Queryable,
  vault: Vault,
  { environmentId }: StoredConnection,
  { attemptId, answer, receivedAt }: StoredAnswer,
): Promise<void> {
  const sealed = await vault.sealText(environmentId, purposes.refreshResponse, JSON.stringify({ answer, receivedAt }));
  await client.query('update refresh_attempt set response = $3, outcome = null where id = $1 and environment_id = $2', [attemptId, environmentId, sealed]);
}

/** An answer for this version of the credential that came and was never applied: its process died in between. */
export async function unappliedAnswer(client: Queryable, vault: Vault, { environmentId, id, version }: StoredConnection): Promise<StoredAnswer | undefined> {
  const { rows } = await client.query<{ id: string; response: string }>(
    `select id, response from refresh_attempt
     where connection_id = $1 and environment_id = $2 and credential_version = $3 and response is not null and outcome is null
     order by started_at desc limit 1`,
    [id, environmentId, version],
  );
  if (!rows[0]) return undefined;
  const { answer, receivedAt } = JSON.parse(await vault.openText(environmentId, purposes.refreshResponse, rows[0].response)) as {
    answer: TokenAnswer;
    receivedAt: string;
  };
  return { attemptId: rows[0].id, answer, receivedAt: new Date(receivedAt) };
}

export async function closeAttempt(client: Queryable, { environmentId }: StoredConnection, attemptId: string, outcome: AttemptOutcome): Promise<void> {
  // The answer has served: what is left of it would only be a second place that holds secrets.
  await client.query('update refresh_attempt set outcome = $3, response = null where id = $1 and environment_id = $2', [attemptId, environmentId, outcome]);
}

/** How often a version of a credential was spent, and how often the provider rejected it. */
export type AttemptCount = { uses: number; rejected: number };

export async function countAttempts(client: Queryable, { environmentId, id, version }: StoredConnection): Promise<AttemptCount> {
  const { rows } = await client.query<AttemptCount>(
    `select count(*)::int as uses, (count(*) filter (where outcome = 'rejected'))::int as rejected
     from refresh_attempt where connection_id = $1 and environment_id = $2 and credential_version = $3`,
    [id, environmentId, version],
  );
  return rows[0] ?? { uses: 0, rejected: 0 };
}

/** Closes the attempt that gave the new credential, and with it all others that spent the old one. */
export async function closeAttempts(client: Queryable, { environmentId, id, version }: StoredConnection, appliedId: string): Promise<void> {
  await client.query(
    `update refresh_attempt set outcome = case id when $4 then 'applied' else 'stale' end, response = null
     where connection_id = $1 and environment_id = $2 and credential_version <= $3 and outcome is null`,
    [id, environmentId, version, appliedId],
  );
}

/** Closes attempts of processes that died before an answer came. */
export async function closeAbandoned(client: Queryable, { environmentId, id }: StoredConnection): Promise<void> {
  await client.query(
    `update refresh_attempt set outcome = 'unknown' where connection_id = $1 and environment_id = $2 and outcome is null and response is null`,
    [id, environmentId],
  );
}

/** Connections with an attempt that outlived its lease, or whose process has died. */
export async function interruptedConnections(
  client: Queryable,
  maxFailures: number,
): Promise<{ environmentId: number; providerConfigKey: string; connectionId: string }[]> {
  const { rows } = await client.query<{ environmentId: number; providerConfigKey: string; connectionId: string }>(
    `select distinct c.environment_id as "environmentId", i.unique_key as "providerConfigKey", c.connection_id as "connectionId"
     from refresh_attempt a join connection c on c.id = a.connection_id and c.environment_id = a.environment_id
       join integration i on i.id = c.integration_id and i.environment_id = c.environment_id
     where a.outcome is null and a.credential_version = c.credential_version and c.deleted_at is null and c.refresh_failures < $1
       and (a.started_at < now() - interval '45 seconds' or ${isLapsed})`,
    [maxFailures],
  );
  return rows;
}
