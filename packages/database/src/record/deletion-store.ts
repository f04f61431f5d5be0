import { AppError, type DeletionVerdict, type RecordCounts } from 'model';
import type pg from 'pg';
import { type Queryable, transaction } from '../pool.js';
import { type Deletion, type DeletionFilter, findDeletion, findDeletions, moveDeletion } from './deletion-row.js';
import { type Finding, judge } from './judge.js';
import { lockModel, openModel } from './model-row.js';
import type { RecordScope, TrackedScope } from './requests.js';
import type { Sealer } from './sealer.js';
import { gatherSeen, releaseSeen } from './seen.js';
import { dropTracking, findTracking, hasSwallowed, startTracking } from './tracking.js';
import { deleteUnseen, reviveDeleted } from './unseen.js';

/** Injection token of {@link DeletionStore}. */
export const DELETIONS = Symbol('DeletionStore');

/** So long a deletion by tracking can be taken back. */
export const undoDays = 7;

/** Tells, in the decision's own transaction, what a decision has changed; not called when that is nothing. */
export type TellDecision = (client: Queryable, deletion: Deletion, counts: RecordCounts) => Promise<void>;

const nothing: RecordCounts = { added: 0, updated: 0, deleted: 0 };

/** Deletions of what a run has not seen: proven, held for a decision, applied, taken back. */
export class DeletionStore {
  constructor(
    private readonly pool: pg.Pool,
    private readonly sealer: Sealer,
  ) {}

  /** `trackDeletesStart`: saves of the sync are noted from now on, over as many executions as it takes. In the caller's transaction. */
  async startTracking(client: Queryable, scope: TrackedScope): Promise<{ resumed: boolean }> {
    const model = await openModel(client, this.sealer, scope);
    return startTracking(client, scope.syncId, { ...scope, modelId: model.id });
  }

  /** `trackDeletesEnd`: what was not saved since the start goes, or is held. Counts what it deletes. In the caller's transaction. */
  async endTracking(client: Queryable, scope: TrackedScope & { executionId: string; now?: Date }): Promise<DeletionVerdict> {
    const model = await openModel(client, this.sealer, scope);
    const tracking = await findTracking(client, scope, model.id);
    if (!tracking) return { kind: 'spared', reason: 'not_tracked' };
    await dropTracking(client, tracking, scope.environmentId);
    const { id: owner, since, startedAt } = tracking;
    if (await hasSwallowed(client, scope, startedAt)) return this.#spare(client, { executionId: owner, environmentId: scope.environmentId });
    return judge(client, { ...scope, modelId: model.id, owner, since, startedAt });
  }

  /** Before several models of a run are ended: two runs that share some end one after the other, whatever order each names them in. */
  async lockModels(client: Queryable, environmentId: number, { connectionId, models }: { connectionId: number; models: readonly string[] }): Promise<void> {
    await client.query('select 1 from record_model where environment_id = $1 and connection_id = $2 and model = any($3) order by id for no key update', [
      environmentId,
      connectionId,
      models,
    ]);
  }

  /** The end of a complete run of a sync that tracks by itself: like {@link endTracking}, of what the execution has seen. */
  async endRun(client: Queryable, scope: RecordScope & { executionId: string; syncId: string | null; now?: Date }): Promise<DeletionVerdict> {
    const run = await findRun(client, scope);
    if (!run) return { kind: 'spared', reason: 'not_tracked' };
    if (run.swallowedError) return { kind: 'spared', reason: 'swallowed_error' };
    const { modelId, since, startedAt } = run;
    const finding: Finding = { ...scope, modelId, owner: scope.executionId, since, startedAt };
    return judge(client, finding);
  }

  /** Ends what an execution has noted, however it ended. In the caller's transaction, after {@link endRun}. */
  async closeExecution(client: Queryable, execution: { executionId: string; environmentId: number }): Promise<void> {
    await releaseSeen(client, execution);
  }

  /** Deletions, the youngest first. */
  list(filter: DeletionFilter): Promise<Deletion[]> {
    return findDeletions(this.pool, filter);
  }

  /**
   * Does what was held, as far as nobody has changed or met the records since. Answers the deletion as it stands then.
   * @throws AppError `unknown_deletion`, `deletion_decided`
   */
  apply(environmentId: number, id: string, tell?: TellDecision): Promise<Deletion> {
    return transaction(this.pool, async (client) => {
      const held = await requireDeletion(client, environmentId, id);
      const locked = await lockModel(client, environmentId, held.modelId);
      if (!locked || !(await moveDeletion(client, held, { from: 'held', to: 'applied' }))) throw decided(held);
      await gatherSeen(client, held);
      const { ids, firstSequence, lastSequence } = await deleteUnseen(client, { ...held, owner: held.id }, locked);
      await client.query('update record_deletion set deleted = $3, first_sequence = $4, last_sequence = $5 where id = $1 and environment_id = $2', [
        id,
        environmentId,
        ids.length,
        firstSequence,
        lastSequence,
      ]);
      await dropBitmap(client, held);
      const applied = await requireDeletion(client, environmentId, id);
      if (ids.length > 0) await tell?.(client, applied, { ...nothing, deleted: ids.length });
      return applied;
    });
  }

  /** Drops what was held: nothing is deleted. @throws AppError `unknown_deletion`, `deletion_decided` */
  drop(environmentId: number, id: string): Promise<Deletion> {
    return transaction(this.pool, async (client) => {
      const held = await requireDeletion(client, environmentId, id);
      if (!(await moveDeletion(client, held, { from: 'held', to: 'dropped' }))) throw decided(held);
      await dropBitmap(client, held);
      return requireDeletion(client, environmentId, id);
    });
  }

  /**
   * Takes back a deletion of the last 7 days: what it deleted and nobody has changed since is there again, as added.
   * @throws AppError `unknown_deletion`, `deletion_decided`, `undo_expired`
   */
  undo(environmentId: number, id: string, tell?: TellDecision): Promise<{ deletion: Deletion; restored: number }> {
    return transaction(this.pool, async (client) => {
      const applied = await requireDeletion(client, environmentId, id);
      if (applied.state === 'applied' && !(await isRecent(client, applied))) {
        throw new AppError('undo_expired', { message: `A deletion can be undone for ${undoDays} days.` });
      }
      if (!(await moveDeletion(client, applied, { from: 'applied', to: 'undone' }))) throw decided(applied);
      const restored = await reviveDeleted(client, applied, { firstSequence: applied.firstSequence ?? 0, lastSequence: applied.lastSequence ?? -1 });
      const deletion = await requireDeletion(client, environmentId, id);
      if (restored > 0) await tell?.(client, deletion, { ...nothing, added: restored });
      return { deletion, restored };
    });
  }

  async #spare(client: Queryable, owner: { executionId: string; environmentId: number }): Promise<DeletionVerdict> {
    await releaseSeen(client, owner);
    return { kind: 'spared', reason: 'swallowed_error' };
  }
}

type Run = { modelId: number; since: number; startedAt: string; swallowedError: boolean };

async function findRun(
  client: Queryable,
  { environmentId, connectionId, model, executionId }: RecordScope & { executionId: string },
): Promise<Run | undefined> {
  const { rows } = await client.query<Run>(
    `select m.id as "modelId", record_sequence_before(m.connection_id, m.id, e.created_at, m.sequence) as since, e.created_at::text as "startedAt",
       e.swallowed_error as "swallowedError"
     from record_model m join execution e on e.id = $4 and e.environment_id = m.environment_id
     where m.connection_id = $1 and m.model = $2 and m.environment_id = $3`,
    [connectionId, model, environmentId, executionId],
  );
  return rows[0];
}

async function requireDeletion(client: Queryable, environmentId: number, id: string): Promise<Deletion> {
  const found = await findDeletion(client, environmentId, id);
  if (!found) throw new AppError('unknown_deletion', { message: 'There is no such deletion in this environment.' });
  return found;
}

async function isRecent(client: Queryable, { id, environmentId }: Deletion): Promise<boolean> {
  const { rowCount } = await client.query(
    'select 1 from record_deletion where id = $1 and environment_id = $2 and decided_at > clock_timestamp() - make_interval(days => $3)',
    [id, environmentId, undoDays],
  );
  return rowCount === 1;
}

function decided({ state }: Deletion): AppError {
  return new AppError('deletion_decided', { message: `This deletion is ${state}, or has just been decided.` });
}

async function dropBitmap(client: Queryable, { id, environmentId }: Deletion): Promise<void> {
  await client.query('delete from record_seen where owner_id = $1 and environment_id = $2', [id, environmentId]);
}
