import type { RecordPage, SaveAnswer } from 'model';
import type pg from 'pg';
import { type Queryable, transaction } from '../pool.js';
import { livingCounts } from './counts.js';
import { dropRecords } from './drop.js';
import { listRecords } from './list.js';
import type { DropRequest, ListRequest, SaveRequest, UnseenRequest } from './requests.js';
import { Save } from './save.js';
import type { Sealer } from './sealer.js';
import { countUnseen, deleteUnseen } from './unseen.js';

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
  list(request: ListRequest): Promise<RecordPage> {
    return listRecords(this.pool, this.sealer, request);
  }

  /** Living records per model. */
  counts(environmentId: number, connectionId: number): Promise<Record<string, number>> {
    return livingCounts(this.pool, environmentId, connectionId);
  }

  /** How many rows {@link deleteUnseen} would delete, and of how many living ones: for the caller to judge. */
  countUnseen(client: Queryable, request: UnseenRequest): Promise<{ unseen: number; living: number }> {
    return countUnseen(client, request);
  }

  /**
   * Deletes what was there when the execution was opened, was changed by nobody since and was not seen by it.
   * Runs in the caller's transaction; adds the number to execution_count itself, and answers it.
   */
  deleteUnseen(client: Queryable, request: UnseenRequest): Promise<number> {
    return deleteUnseen(client, request);
  }

  /** Empties caches for good. Cursors of readers stay valid. */
  drop(request: DropRequest): Promise<void> {
    return transaction(this.pool, (client) => dropRecords(client, request));
  }
}
