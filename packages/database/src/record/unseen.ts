import type { Queryable } from '../pool.js';
import { addCounts } from './counts.js';
import { lockModel } from './model-row.js';
import type { UnseenRequest } from './requests.js';

// Living rows that were there when the execution was opened, were changed by nobody since, and are not in its bitmap.
const unseen = `r.connection_id = $1 and - r.model_id = - $2::int and r.environment_id = $3 and r.deleted_at is null
    and r.changed_at < (select e.created_at from execution e where e.id = $4 and e.environment_id = $3)
    and not exists (
      select from record_seen s where s.execution_id = $4 and s.model_id = $2 and s.environment_id = $3
        and s.chunk = r.row_number / 4096 and get_bit(s.bits, r.row_number % 4096) = 1
    )`;

/** How many rows {@link deleteUnseen} would delete, and of how many living ones. */
export async function countUnseen(client: Queryable, request: UnseenRequest): Promise<{ unseen: number; living: number }> {
  const model = await findModel(client, request);
  if (!model) return { unseen: 0, living: 0 };
  const { rows } = await client.query<{ unseen: number }>(`select count(*) as unseen from record r where ${unseen}`, values(request, model.id));
  return { unseen: rows[0]?.unseen ?? 0, living: model.living };
}

/** Deletes what an execution has not seen; answers how many. Writers of the model wait until the caller's transaction ends. */
export async function deleteUnseen(client: Queryable, request: UnseenRequest): Promise<number> {
  const model = await findModel(client, request);
  const locked = model && (await lockModel(client, request.environmentId, model.id, request.now));
  if (!model || !locked) return 0;
  // Row numbers are distinct, so they serve to tell the new sequences apart; the gaps they leave cost nothing.
  const { rowCount } = await client.query(`update record r set deleted_at = $5, changed_at = $5, sequence = $6 + r.row_number + 1 where ${unseen}`, [
    ...values(request, model.id),
    locked.changedAt,
    locked.sequence,
  ]);
  const deleted = rowCount ?? 0;
  await client.query('delete from record_seen where execution_id = $1 and model_id = $2 and environment_id = $3', [
    request.executionId,
    model.id,
    request.environmentId,
  ]);
  if (deleted === 0) return 0;
  await client.query(
    `update record_model set version = version + 1, sequence = sequence + next_row, living = living - $3, changed_at = $4 where id = $1 and environment_id = $2`,
    [model.id, request.environmentId, deleted, locked.changedAt],
  );
  await addCounts(client, { ...request, counts: { added: 0, updated: 0, deleted } });
  return deleted;
}

async function findModel(client: Queryable, { environmentId, connectionId, model }: UnseenRequest): Promise<{ id: number; living: number } | undefined> {
  const { rows } = await client.query<{ id: number; living: number }>(
    'select id, living from record_model where connection_id = $1 and model = $2 and environment_id = $3',
    [connectionId, model, environmentId],
  );
  return rows[0];
}

function values({ connectionId, environmentId, executionId }: UnseenRequest, modelId: number): unknown[] {
  return [connectionId, modelId, environmentId, executionId];
}
