import type { Queryable } from '../pool.js';
import type { ModelKey } from './requests.js';
import type { HoldReason } from 'model';

/** Where a deletion stands. */
export type DeletionState = 'held' | 'applied' | 'dropped' | 'superseded' | 'undone';

/** A deletion that tracking has led to. Times are ISO 8601. */
export type Deletion = {
  id: string;
  environmentId: number;
  connectionId: number;
  connectionName: string;
  providerConfigKey: string;
  modelId: number;
  /** As it is stored: with the variant's name, unless that is the base. */
  model: string;
  syncName: string | null;
  syncVariant: string | null;
  syncId: string | null;
  executionId: string;
  state: DeletionState;
  reason: HoldReason | null;
  /** Records that the run did not find, of those that were there. */
  missing: number;
  existing: number;
  deleted: number;
  since: number;
  firstSequence: number | null;
  lastSequence: number | null;
  createdAt: Date;
  decidedAt: Date | null;
};

/** What is known of a deletion when it is held or done. */
export type NewDeletion = Pick<Deletion, 'state' | 'reason' | 'missing' | 'existing' | 'since' | 'executionId' | 'syncId'> &
  Partial<Pick<Deletion, 'deleted' | 'firstSequence' | 'lastSequence'>>;

/** Adds a deletion and answers its id. */
export async function insertDeletion(client: Queryable, { environmentId, connectionId, modelId }: ModelKey, fresh: NewDeletion): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into record_deletion (environment_id, connection_id, model_id, sync_id, execution_id, state, reason, missing, existing, since, deleted, first_sequence,
       last_sequence, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, case when $6 <> 'held' then clock_timestamp() end) returning id`,
    [
      environmentId,
      connectionId,
      modelId,
      fresh.syncId,
      fresh.executionId,
      fresh.state,
      fresh.reason,
      fresh.missing,
      fresh.existing,
      fresh.since,
      fresh.deleted ?? 0,
      fresh.firstSequence ?? null,
      fresh.lastSequence ?? null,
    ],
  );
  if (!rows[0]) throw new Error('a deletion was not stored');
  return rows[0].id;
}

const columns = `d.id, d.environment_id as "environmentId", d.connection_id as "connectionId", c.connection_id as "connectionName",
  i.unique_key as "providerConfigKey", d.model_id as "modelId", m.model, t.name as "syncName", y.variant as "syncVariant", d.sync_id as "syncId",
  d.execution_id as "executionId", d.state, d.reason, d.missing, d.existing, d.deleted, d.since, d.first_sequence as "firstSequence",
  d.last_sequence as "lastSequence", d.created_at as "createdAt", d.decided_at as "decidedAt"`;
const source = `record_deletion d
  join record_model m on m.id = d.model_id and m.environment_id = d.environment_id
  join connection c on c.id = d.connection_id and c.environment_id = d.environment_id
  join integration i on i.id = c.integration_id
  left join sync y on y.id = d.sync_id and y.environment_id = d.environment_id
  left join script t on t.id = y.script_id`;

/** A deletion of an environment. */
export async function findDeletion(client: Queryable, environmentId: number, id: string): Promise<Deletion | undefined> {
  const { rows } = await client.query<Deletion>(`select ${columns} from ${source} where d.id = $1 and d.environment_id = $2`, [id, environmentId]);
  return rows[0];
}

/** Which deletions to list: of one connection or all, in some states or all. */
export type DeletionFilter = { environmentId: number; connectionId?: number | undefined; states?: DeletionState[] | undefined; limit?: number | undefined };

const mostListed = 200;

/** Deletions, the youngest first. */
export async function findDeletions(client: Queryable, { environmentId, connectionId, states, limit }: DeletionFilter): Promise<Deletion[]> {
  const { rows } = await client.query<Deletion>(
    `select ${columns} from ${source}
     where d.environment_id = $1 and ($2::int is null or d.connection_id = $2) and ($3::text[] is null or d.state = any($3))
     order by d.created_at desc limit $4`,
    [environmentId, connectionId ?? null, states ?? null, limit ?? mostListed],
  );
  return rows;
}

/** Moves a deletion to another state. False when it was not in the state expected: somebody else has decided. */
export async function moveDeletion(
  client: Queryable,
  { id, environmentId }: Pick<Deletion, 'id' | 'environmentId'>,
  { from, to }: { from: DeletionState; to: DeletionState },
): Promise<boolean> {
  const { rowCount } = await client.query(
    'update record_deletion set state = $4, decided_at = clock_timestamp() where id = $1 and environment_id = $2 and state = $3',
    [id, environmentId, from, to],
  );
  return rowCount === 1;
}

/** Puts deletions that wait out of date, with their bitmaps: a later run has looked, or the cache was emptied. `syncId` null means of any sync. */
export async function supersedeHeld(client: Queryable, { modelId, environmentId }: ModelKey, syncId: string | null): Promise<void> {
  await client.query(
    `with old as (
       update record_deletion set state = 'superseded', decided_at = clock_timestamp()
       where model_id = $1 and environment_id = $2 and state = 'held' and ($3::uuid is null or sync_id = $3) returning id
     )
     delete from record_seen s using old where s.owner_id = old.id and s.environment_id = $2`,
    [modelId, environmentId, syncId],
  );
}
