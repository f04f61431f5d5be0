import type pg from 'pg';
import { transaction } from '../pool.js';
import { compactModel } from './compact.js';
import { dropRecords } from './drop.js';
import { pruneOlder } from './prune.js';
import type { Sealer } from './sealer.js';
import { dropOrphanedClaims, dropOrphanedSeen, isForgotten, pageOfModels, type UpkeepModel } from './upkeep.js';

/** What is kept for how long; 0 means for ever. */
export type UpkeepPolicy = {
  /** Payloads that nothing has updated. */
  pruneAfterDays: number;
  /** Records whose sync has not run. */
  deleteAfterDays: number;
};

/** What a round of upkeep did. */
export type Upkeep = { pruned: number; emptied: number; blocksRead: number; blocksWritten: number };

const pageSize = 500;
const pruneBatch = 5_000;
const dayMs = 24 * 60 * 60 * 1000;

/** What is done to records when nobody asks: payloads and caches that are out of date go, half-empty blocks are rewritten. */
export class RecordUpkeep {
  constructor(
    private readonly pool: pg.Pool,
    private readonly sealer: Sealer,
  ) {}

  /** One round over every model. `goOn` is asked between two models. */
  async run(policy: UpkeepPolicy, { now = new Date(), goOn = () => true }: { now?: Date; goOn?: () => boolean } = {}): Promise<Upkeep> {
    const done: Upkeep = { pruned: 0, emptied: 0, blocksRead: 0, blocksWritten: 0 };
    await dropOrphanedSeen(this.pool);
    await dropOrphanedClaims(this.pool);
    for (let after = 0; ;) {
      const models = await pageOfModels(this.pool, after, pageSize);
      for (const model of models) if (goOn()) await this.#keep(model, policy, now, done);
      after = models.at(-1)?.modelId ?? 0;
      if (models.length < pageSize || !goOn()) return done;
    }
  }

  /** Rewrites a model's half-empty blocks, as far as that saves any. */
  async compact(model: UpkeepModel): Promise<Pick<Upkeep, 'blocksRead' | 'blocksWritten'>> {
    const total = { blocksRead: 0, blocksWritten: 0 };
    for (;;) {
      const { read, written } = await compactModel(this.pool, this.sealer, model);
      if (read === 0) return total;
      total.blocksRead += read;
      total.blocksWritten += written;
    }
  }

  async #keep(model: UpkeepModel, { pruneAfterDays, deleteAfterDays }: UpkeepPolicy, now: Date, done: Upkeep): Promise<void> {
    const before = (days: number): Date => new Date(now.getTime() - days * dayMs);
    if (deleteAfterDays > 0 && (await isForgotten(this.pool, model, before(deleteAfterDays)))) {
      await transaction(this.pool, (client) => dropRecords(client, { ...model, models: [model.model] }));
      done.emptied++;
      return;
    }
    if (pruneAfterDays > 0) done.pruned += await this.#prune(model, before(pruneAfterDays));
    const { blocksRead, blocksWritten } = await this.compact(model);
    done.blocksRead += blocksRead;
    done.blocksWritten += blocksWritten;
  }

  async #prune(model: UpkeepModel, olderThan: Date): Promise<number> {
    for (let total = 0; ;) {
      const count = await pruneOlder(this.pool, model, { olderThan, limit: pruneBatch });
      total += count;
      if (count < pruneBatch) return total;
    }
  }
}
