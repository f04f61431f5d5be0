import type { SaveAnswer } from 'model';
import type pg from 'pg';
import { type Batch, prepareBatch } from './batch.js';
import { BlockSealer } from './block.js';
import { openModel } from './model-row.js';
import { makePlan } from './plan.js';
import type { SaveRequest } from './requests.js';
import { remember, type RunMemory } from './run-memory.js';
import { Save } from './save.js';
import type { Sealer } from './sealer.js';
import { Turns } from './turns.js';

/** Rows are read into memory once a run has met this share of them: a run that saves a handful should not read a million. */
const shareToRemember = 1 / 16;

/**
 * The saves of one run into one model. They are compared with what the run knows of the model, sealed side by side, and
 * written in the order they came in. Whenever another writer shows, what was known is forgotten and looked up again.
 */
export class RunSaves {
  readonly #turns = new Turns();
  #memory: RunMemory | undefined;
  #met = 0;
  usedAt = 0;

  constructor(
    private readonly pool: pg.Pool,
    private readonly sealer: Sealer,
    private readonly mostRows: number,
  ) {}

  get rememberedRows(): number {
    return this.#memory?.rows.size ?? 0;
  }

  forget(): void {
    this.#memory = undefined;
  }

  async save(request: SaveRequest): Promise<SaveAnswer> {
    const batch = prepareBatch(request.operation, request.records);
    const turn = this.#turns.take();
    try {
      await turn.comparable;
      if (!this.#memory) {
        await turn.writable;
        await this.#remember(request, batch);
      }
      const answer = request.operation === 'update' || !this.#memory ? undefined : await this.#saveKnown(request, batch, this.#memory, turn);
      if (answer) return answer;
      await turn.writable;
      this.#memory = undefined;
      return await new Save(this.pool, this.sealer, request, batch).run();
    } finally {
      turn.end();
    }
  }

  /** Undefined when the model is not as it was known: then nothing is written. */
  async #saveKnown(request: SaveRequest, batch: Batch, memory: RunMemory, turn: ReturnType<Turns['take']>): Promise<SaveAnswer | undefined> {
    if (request.operation === 'update') return undefined;
    const prediction = memory.compare(request.operation, batch);
    turn.compared();
    if (memory.rows.size > this.mostRows) this.#memory = undefined;
    const blocks = new BlockSealer(this.sealer, request.environmentId, memory.model.id);
    const plan = await makePlan(prediction.version, prediction.comparison, batch.duplicates, blocks);
    await turn.writable;
    return new Save(this.pool, this.sealer, request, batch).writeKnown(memory.model, { ...plan, rowNumbers: prediction.rowNumbers });
  }

  async #remember(request: SaveRequest, batch: Batch): Promise<void> {
    this.#met += batch.items.length;
    const model = await openModel(this.pool, this.sealer, request);
    if (model.merging || model.nextRow > this.mostRows || this.#met < model.nextRow * shareToRemember) return;
    this.#met = 0;
    this.#memory = await remember(this.pool, { ...request, modelId: model.id }, model);
  }
}
