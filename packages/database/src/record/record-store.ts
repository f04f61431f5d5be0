import { Recent, type RecordPage, type SaveAnswer } from 'model';
import type pg from 'pg';
import { type Queryable, transaction } from '../pool.js';
import { prepareBatch } from './batch.js';
import { livingCounts } from './counts.js';
import { dropRecords } from './drop.js';
import { getRecords } from './get.js';
import { type LastBlocks, listRecords, listRecordsText } from './list.js';

import { type MergingStrategy, setMerging } from './merging.js';
import { openModel } from './model-row.js';
import type { DropRequest, ListRequest, RecordScope, SaveRequest } from './requests.js';
import { type Pruned, type PruneRequest, pruneUntil } from './prune.js';
import { Runs } from './runs.js';
import { Save } from './save.js';
import type { Sealer } from './sealer.js';

/** About 100 bytes each. */
const defaultRememberedRows = 500_000;
/** About 64 KB each. */
const lastBlocks = 100;

/** Injection token of {@link RecordStore}. */
export const RECORDS = Symbol('RecordStore');

/** The record cache: what syncs have fetched, with what was added, changed and deleted when. */
export class RecordStore {
  readonly #runs: Runs;
  readonly #lastBlocks: LastBlocks = new Recent(lastBlocks);

  /** `rememberedRows`: how many rows of running syncs, over all of them, are held in memory to compare with. */
  constructor(
    private readonly pool: pg.Pool,
    private readonly sealer: Sealer,
    { rememberedRows = defaultRememberedRows }: { rememberedRows?: number } = {},
  ) {
    this.#runs = new Runs(pool, sealer, rememberedRows);
  }

  /**
   * Saves a batch in one transaction and counts what it changed. Saves of one execution may overlap: they are written in
   * the order they came in.
   *
   * @throws AppError `execution_fenced` when the execution's generation is over, `invalid_record` for a record without an id,
   * `unknown_connection` when the environment has no such connection.
   */
  async save(request: SaveRequest): Promise<SaveAnswer> {
    const { executionId } = request;
    if (executionId !== undefined) return this.#runs.save({ ...request, executionId });
    return new Save(this.pool, this.sealer, request, prepareBatch(request.operation, request.records)).run();
  }

  /** A page of records along their change sequence. @throws AppError `invalid_cursor`, `invalid_query_params` */
  list(request: ListRequest, client: Queryable = this.pool): Promise<RecordPage> {
    return listRecords({ client, sealer: this.sealer, lastBlocks: this.#lastBlocks }, request);
  }

  /** The same page as the JSON text of a `RecordPage`, for those who send it on: several times as fast. */
  listText(request: ListRequest): Promise<string> {
    return listRecordsText({ client: this.pool, sealer: this.sealer, lastBlocks: this.#lastBlocks }, request);
  }

  /** Living records per model. */
  counts(environmentId: number, connectionId: number): Promise<Record<string, number>> {
    return livingCounts(this.pool, environmentId, connectionId);
  }

  /** Living records by id, as they were saved; for scripts. */
  getByIds(scope: RecordScope, ids: string[], client: Queryable = this.pool): Promise<Map<string, Record<string, unknown>>> {
    return getRecords(client, this.sealer, { ...scope, ids });
  }

  /** How the execution's later saves of a model treat what others have changed since. In the caller's transaction. */
  async setMergingStrategy(client: Queryable, { strategy, ...scope }: RecordScope & { executionId: string; strategy: MergingStrategy }): Promise<void> {
    const { id } = await openModel(client, this.sealer, scope);
    await setMerging(client, { ...scope, modelId: id, strategy });
  }

  /** Takes payloads up to a record; id, hash and state stay. @throws AppError `invalid_cursor` */
  prune(request: PruneRequest): Promise<Pruned> {
    return pruneUntil(this.pool, request);
  }

  /** Empties caches for good. Cursors of readers stay valid. */
  drop(request: DropRequest): Promise<void> {
    return transaction(this.pool, (client) => dropRecords(client, request));
  }
}
