import type { RecordPage, SaveAnswer } from 'model';
import type pg from 'pg';
import { type Queryable, transaction } from '../pool.js';
import { livingCounts } from './counts.js';
import { dropRecords } from './drop.js';
import { getRecords } from './get.js';
import { listRecords } from './list.js';
import { type MergingStrategy, setMerging } from './merging.js';
import { openModel } from './model-row.js';
import type { DropRequest, ListRequest, RecordScope, SaveRequest } from './requests.js';
import { Save } from './save.js';
import type { Sealer } from './sealer.js';

/** Injection token of {@link RecordStore}. */
export const RECORDS = Symbol('RecordStore');

/** The record cache: what syncs have fetched, with what was added, changed and deleted when. */
export class RecordStore {
  constructor(
    private readonly pool: pg.Pool,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Saves a batch in one transaction and counts what it changed.
   *
   * @throws AppError `execution_fenced` when the execution's generation is over, `invalid_record` for a record without an id,
   * `unknown_connection` when the environment has no such connection.
   */
  async save(request: SaveRequest): Promise<SaveAnswer> {
    return new Save(this.pool, this.sealer, request).run();
  }

  /** A page of records along their change sequence. @throws AppError `invalid_cursor`, `invalid_query_params` */
  list(request: ListRequest, client: Queryable = this.pool): Promise<RecordPage> {
    return listRecords(client, this.sealer, request);
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

  /** Empties caches for good. Cursors of readers stay valid. */
  drop(request: DropRequest): Promise<void> {
    return transaction(this.pool, (client) => dropRecords(client, request));
  }
}
