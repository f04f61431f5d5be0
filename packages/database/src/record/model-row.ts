import { randomBytes } from 'node:crypto';
import { AppError } from 'model';
import type { Queryable } from '../pool.js';
import type { Merging } from './merging.js';
import type { RecordScope } from './requests.js';
import type { Sealer } from './sealer.js';

/** A model's row as it was read, unlocked: rows compared after it may be newer than its version, never older. */
export type ModelRow = { id: number; version: number; nextRow: number; hashKey: string; volatile: string[]; merging: Merging | null };

/** A model's row under its lock, with the time that the change about to be made gets. */
export type LockedModel = { version: number; sequence: number; nextRow: number; nextBlock: number; living: number; changedAt: string };

const hashKeyPurpose = 'record_model.hash_key';
const hashKeyBytes = 16;

/** A model, as one execution sees it if it is told. */
type ModelScope = RecordScope & { executionId?: string | undefined };

/** The model's row, made when it is missing. @throws AppError `unknown_connection` when the environment has no such connection. */
export async function openModel(client: Queryable, sealer: Sealer, scope: ModelScope): Promise<ModelRow> {
  const found = (await findModel(client, scope)) ?? (await createModel(client, sealer, scope));
  const hashKey = await sealer.open(scope.environmentId, hashKeyPurpose, found.hash_key);
  const merging = found.since === null || found.own === null ? null : { since: found.since, own: found.own };
  return {
    id: found.id,
    version: found.version,
    nextRow: found.next_row,
    hashKey: Buffer.from(hashKey).toString('hex'),
    volatile: found.volatile ?? [],
    merging,
  };
}

type Row = { id: number; version: number; next_row: number; hash_key: Buffer; since: number | null; own: string | null; volatile: string[] | null };

async function findModel(client: Queryable, { environmentId, connectionId, model, executionId }: ModelScope): Promise<Row | undefined> {
  const { rows } = await client.query<Row>(
    `select m.id, version, next_row, hash_key, g.since, g.own::text as own,
       v.volatile_fields -> i.unique_key -> split_part(m.model, '::', 1) as volatile
     from record_model m
     join connection c on c.id = m.connection_id and c.environment_id = m.environment_id
     join integration i on i.id = c.integration_id
     join environment v on v.id = m.environment_id
     left join record_merging g on g.model_id = m.id and g.execution_id = $4::uuid and g.environment_id = m.environment_id
     where m.connection_id = $1 and m.model = $2 and m.environment_id = $3`,
    [connectionId, model, environmentId, executionId ?? null],
  );
  return rows[0];
}

async function createModel(client: Queryable, sealer: Sealer, scope: ModelScope): Promise<Row> {
  const hashKey = await sealer.seal(scope.environmentId, hashKeyPurpose, randomBytes(hashKeyBytes));
  await client.query(
    `insert into record_model (environment_id, connection_id, model, hash_key)
     select c.environment_id, c.id, $3, $4 from connection c where c.id = $1 and c.environment_id = $2
     on conflict (connection_id, model) do nothing`,
    [scope.connectionId, scope.environmentId, scope.model, hashKey],
  );
  const row = await findModel(client, scope);
  if (!row) throw new AppError('unknown_connection', { message: 'The environment has no such connection.' });
  return row;
}

/**
 * Takes the lock that orders a model's writers; held to the end of the transaction. Undefined when the model is gone. Not the strongest
 * lock: rows that refer to the model are added without it, by those who hold locks that its holder may wait for.
 */
export async function lockModel(client: Queryable, environmentId: number, modelId: number, now?: Date): Promise<LockedModel | undefined> {
  // The time is read above the lock, not beside it: one read before the lock was had could lie before that of the writer waited for.
  const { rows } = await client.query<LockedModel>({
    name: 'record_model_lock',
    text: `with locked as materialized (
         select version, sequence, next_row, next_block, living, changed_at from record_model where id = $1 and environment_id = $2 for no key update
       )
       select version, sequence, next_row as "nextRow", next_block as "nextBlock", living,
         greatest(changed_at, coalesce($3::timestamptz, clock_timestamp()))::text as "changedAt" from locked`,
    values: [modelId, environmentId, now ?? null],
  });
  return rows[0];
}
