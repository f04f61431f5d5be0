import type { LastAction, SaveOperation, ScriptRecord } from 'model';
import type pg from 'pg';

/** One model's cache on one connection. */
export type RecordScope = { environmentId: number; connectionId: number; model: string };

/** A model's row and where it belongs. */
export type ModelKey = { environmentId: number; connectionId: number; modelId: number };

/** One model of a sync, as it is tracked. */
export type TrackedScope = RecordScope & { syncId: string };

/** A batch to save. With `executionId` and `generation` it is fenced; with `call` a repeat answers what the first one answered. */
export type SaveRequest = RecordScope & {
  operation: SaveOperation;
  records: ScriptRecord[];
  /** The moment of the change; the database's clock unless told. Times never go back within a model. */
  now?: Date | undefined;
  executionId?: string | undefined;
  generation?: number | undefined;
  call?: string | undefined;
  /** The sealed piece of the run's tape that came with the call, where it begins and how long it is unsealed. */
  tape?: { from: number; length: number; sealed: Uint8Array } | undefined;
  /** Marks the batch's rows as seen by the execution, for {@link DeletionStore.endRun}. */
  trackSeen?: boolean | undefined;
  /** The execution's sync: the rows count as seen by its tracking too, when one goes on. */
  syncId?: string | undefined;
  /** More to do in the same transaction, last before the commit. */
  tx?: ((client: pg.PoolClient) => Promise<void>) | undefined;
};

/** A page to read. `limit` is 1 to 10,000, 100 unless told. `filter` is a union of kinds; none or empty means all. */
export type ListRequest = RecordScope & {
  cursor?: string | undefined;
  modifiedAfter?: Date | string | undefined;
  limit?: number | undefined;
  filter?: LastAction[] | undefined;
  ids?: string[] | undefined;
};

/** Caches to empty: the named models or all of the connection's. */
export type DropRequest = { environmentId: number; connectionId: number; models?: string[] | undefined };
