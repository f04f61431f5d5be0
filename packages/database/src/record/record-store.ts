import type { RecordPage, SaveAnswer } from 'model';
import type pg from 'pg';
import type { DropRequest, ListRequest, SaveRequest, UnseenRequest } from './requests.js';
import type { Queryable } from '../pool.js';
import type { Sealer } from './sealer.js';

/** Injection token of {@link RecordStore}. */
export const RECORDS = Symbol('RecordStore');

/** The record cache: what syncs have fetched, with what was added, changed and deleted when. */
export class RecordStore {
  constructor(
    readonly pool: pg.Pool,
    readonly sealer: Sealer,
  ) {}

  /** Saves a batch in one transaction and counts what it changed. */
  save(_request: SaveRequest): Promise<SaveAnswer> {
    throw new Error('soon');
  }

  /** A page of records along their change sequence. */
  list(_request: ListRequest): Promise<RecordPage> {
    throw new Error('soon');
  }

  /** Living records per model. */
  counts(_environmentId: number, _connectionId: number): Promise<Record<string, number>> {
    throw new Error('soon');
  }

  /** How many rows {@link deleteUnseen} would delete, and of how many living ones: for the caller to judge. */
  countUnseen(_client: Queryable, _request: UnseenRequest): Promise<{ unseen: number; living: number }> {
    throw new Error('soon');
  }

  /**
   * Deletes what was there when the execution was opened, was changed by nobody since and was not seen by it.
   * Runs in the caller's transaction; adds the number to execution_count itself, and answers it.
   */
  deleteUnseen(_client: pg.ClientBase, _request: UnseenRequest): Promise<number> {
    throw new Error('soon');
  }

  /** Empties caches for good. Cursors of readers stay valid. */
  drop(_request: DropRequest): Promise<void> {
    throw new Error('soon');
  }
}
