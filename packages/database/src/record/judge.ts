import type { Queryable } from '../pool.js';
import { addCounts } from './counts.js';
import { insertDeletion, supersedeHeld } from './deletion-row.js';
import { lockModel } from './model-row.js';
import type { ModelKey } from './requests.js';
import { countUnseen, deleteUnseen } from './unseen.js';
import type { DeletionVerdict } from 'model';
import { holdReason } from './verdict.js';

/** A search that is over: whose bitmap, since when, for whom. */
export type Finding = ModelKey & {
  model: string;
  owner: string;
  since: number;
  startedAt: string;
  executionId: string;
  syncId: string | null;
  now?: Date | undefined;
};

/** Deletes what was not found, or holds that back when it is too much to be believed. Either way the bitmap is used up. */
export async function judge(client: Queryable, finding: Finding): Promise<DeletionVerdict> {
  const locked = await lockModel(client, finding.environmentId, finding.modelId, finding.now);
  if (!locked) return { kind: 'deleted', ids: [] };
  await supersedeHeld(client, finding, finding.syncId);
  const { missing, existing } = await countUnseen(client, finding);
  const reason = holdReason({ missing, existing, percent: await holdPercent(client, finding.environmentId) });
  const known = { missing, existing, since: finding.since, executionId: finding.executionId, syncId: finding.syncId };
  if (reason) {
    const deletionId = await insertDeletion(client, finding, { ...known, state: 'held', reason });
    await moveSeen(client, finding, deletionId);
    return { kind: 'held', deletionId, missing, existing, reason };
  }
  // Most runs: the model need not be gone through once more.
  const { ids, ...range } = missing === 0 ? { ids: [] } : await deleteUnseen(client, finding, locked);
  await dropSeen(client, finding);
  if (ids.length === 0) return { kind: 'deleted', ids };
  await insertDeletion(client, finding, { ...known, ...range, state: 'applied', reason: null, deleted: ids.length });
  await addCounts(client, { ...finding, counts: { added: 0, updated: 0, deleted: ids.length } });
  return { kind: 'deleted', ids };
}

async function holdPercent(client: Queryable, environmentId: number): Promise<number> {
  const { rows } = await client.query<{ percent: number }>('select deletion_hold_percent as percent from environment where id = $1', [environmentId]);
  return rows[0]?.percent ?? 0;
}

async function moveSeen(client: Queryable, { owner, modelId, environmentId }: Finding, deletionId: string): Promise<void> {
  await client.query('update record_seen set owner_id = $4 where owner_id = $1 and model_id = $2 and environment_id = $3', [
    owner,
    modelId,
    environmentId,
    deletionId,
  ]);
}

async function dropSeen(client: Queryable, { owner, modelId, environmentId }: Finding): Promise<void> {
  await client.query('delete from record_seen where owner_id = $1 and model_id = $2 and environment_id = $3', [owner, modelId, environmentId]);
}
