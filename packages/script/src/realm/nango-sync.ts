import { Deletions } from './deletions.js';
import { NangoError } from './error/nango-error.js';
import { NangoAction } from './nango-action.js';
import { askPlatform } from './platform.js';
import { getRecordsByIds, listRecords } from './record-reads.js';
import { checkModel, type Records, send } from './records.js';
import { checkAborted, type Run } from './run.js';

/** The `nango` object of syncs and webhook handlers: an action's, and what saves records. */
export class NangoSync extends NangoAction {
  readonly #run: Run;
  readonly #deletions: Deletions;
  /** When the last successful run started; undefined on the first one. */
  readonly lastSyncDate: Date | undefined;
  readonly track_deletes: boolean;
  /** Whether the run starts from an emptied cache. */
  readonly emptyCache: boolean;

  constructor(run: Run) {
    super(run);
    this.#run = run;
    this.#deletions = new Deletions(run);
    this.lastSyncDate = run.context.lastSyncDate === null ? undefined : new Date(run.context.lastSyncDate);
    this.track_deletes = run.context.trackDeletes;
    this.emptyCache = run.context.emptyCache ?? false;
  }

  async batchSave(records: Records, model: string): Promise<true> {
    return send(this.#run, 'save', records, model);
  }

  /** Deprecated name of {@link batchSave}. */
  async batchSend(records: Records, model: string): Promise<true> {
    return this.batchSave(records, model);
  }

  async batchUpdate(records: Records, model: string): Promise<true> {
    return send(this.#run, 'update', records, model);
  }

  async batchDelete(records: Records, model: string): Promise<true> {
    return send(this.#run, 'delete', records, model);
  }

  async getRecordsByIds(ids: unknown[], model: string): Promise<Map<unknown, Record<string, unknown>>> {
    return getRecordsByIds(this.#run, ids, model);
  }

  listRecords(model: string, options?: { cursor?: string | null }): AsyncGenerator<Record<string, unknown>> {
    return listRecords(this.#run, model, options);
  }

  /** From now on: whether this run's saves win over what others change meanwhile, or leave that alone. */
  async setMergingStrategy(merging: { strategy: string }, model: string): Promise<void> {
    checkModel(this.#run, model);
    const strategy = merging?.strategy;
    if (strategy !== 'override' && strategy !== 'ignore_if_modified_after')
      throw new NangoError('script_internal_error', `setMergingStrategy: '${strategy}' is neither 'override' nor 'ignore_if_modified_after'`);
    await askPlatform(this.#run, 'setMergingStrategy', { model, strategy });
  }

  /** What is not saved from now on until {@link trackDeletesEnd}, over as many runs as that takes, is gone. */
  async trackDeletesStart(model: string): Promise<void> {
    return this.#deletions.start(model);
  }

  async trackDeletesEnd(model: string): Promise<{ deletedKeys: string[] }> {
    return this.#deletions.end(model);
  }

  /** Deprecated: deletes what this run has not saved so far. */
  async deleteRecordsFromPreviousExecutions(model: string): Promise<{ deletedKeys: string[] }> {
    return this.#deletions.deletePrevious(model);
  }

  async setLastSyncDate(date: Date | string): Promise<true> {
    checkAborted(this.#run);
    const value = new Date(date);
    if (Number.isNaN(value.getTime())) throw new NangoError('script_internal_error', 'setLastSyncDate needs a valid date');
    await askPlatform(this.#run, 'setLastSyncDate', { date: value.toISOString() });
    return true;
  }
}
