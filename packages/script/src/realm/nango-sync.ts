import { NangoError } from './error/nango-error.js';
import { NangoAction } from './nango-action.js';
import { askPlatform } from './platform.js';
import { type Records, send } from './records.js';
import { checkAborted, type Run } from './run.js';

/** The `nango` object of syncs and webhook handlers: an action's, and what saves records. */
export class NangoSync extends NangoAction {
  readonly #run: Run;
  /** When the last successful run started; undefined on the first one. */
  readonly lastSyncDate: Date | undefined;
  readonly track_deletes: boolean;

  constructor(run: Run) {
    super(run);
    this.#run = run;
    this.lastSyncDate = run.context.lastSyncDate === null ? undefined : new Date(run.context.lastSyncDate);
    this.track_deletes = run.context.trackDeletes;
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

  async setLastSyncDate(date: Date | string): Promise<true> {
    checkAborted(this.#run);
    const value = new Date(date);
    if (Number.isNaN(value.getTime())) throw new NangoError('script_internal_error', 'setLastSyncDate needs a valid date');
    await askPlatform(this.#run, 'setLastSyncDate', { date: value.toISOString() });
    return true;
  }
}
