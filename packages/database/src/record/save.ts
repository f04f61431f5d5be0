import type { SaveAnswer } from 'model';
import type pg from 'pg';
import { type Queryable, transaction } from '../pool.js';
import type { Batch } from './batch.js';
import { BlockSealer } from './block.js';
import { endOthersClaims } from './claims.js';
import { compare } from './compare.js';
import { addCounts } from './counts.js';
import { fence, recordAnswer, recordedAnswer } from './fence.js';
import { lockModel, type ModelRow, openModel } from './model-row.js';
import { noteOwn } from './merging.js';
import { makePlan, type Plan } from './plan.js';
import type { SaveRequest } from './requests.js';
import { readVersion } from './run-memory.js';
import type { Sealer } from './sealer.js';
import { markSeen } from './seen.js';
import { writePlan } from './write.js';

const resultPurpose = 'journal_entry.result';
const uniqueViolation = '23505';

/** So often a comparison made without the lock may be overtaken, before the next one is made under it. */
const freeAttempts = 3;

/** One save: compared and sealed ahead, written under the model's lock if nobody else has written meanwhile. */
export class Save {
  constructor(
    private readonly pool: pg.Pool,
    private readonly sealer: Sealer,
    private readonly request: SaveRequest,
    private readonly batch: Batch,
  ) {}

  async run(): Promise<SaveAnswer> {
    for (let attempt = 1; ; attempt++) {
      const ahead = attempt <= freeAttempts;
      const model = await openModel(this.pool, this.sealer, this.request);
      const plan = ahead ? await this.#plan(this.pool, model) : undefined;
      if (ahead && !plan) continue;
      const done = await this.#write(model, plan);
      if (done?.kind === 'saved') return done.answer;
      if (done?.kind === 'repeated') return this.#openAnswer(done.sealed);
    }
  }

  /** Writes what was planned from memory. Undefined, and nothing is written, when the model is not as it was known. */
  async writeKnown(model: ModelRow, plan: Plan): Promise<SaveAnswer | undefined> {
    const done = await this.#write(model, plan);
    if (done?.kind === 'saved') return done.answer;
    return done && this.#openAnswer(done.sealed);
  }

  async #plan(client: Queryable, model: ModelRow): Promise<Plan | undefined> {
    const { environmentId, operation } = this.request;
    const blocks = new BlockSealer(this.sealer, environmentId, model.id);
    const comparison = await compare(client, { scope: this.request, operation, batch: this.batch, model, blocks });
    return comparison && makePlan(model.version, comparison, this.batch.duplicates, blocks);
  }

  /** Undefined when the plan was overtaken, or the same call is being saved right now. */
  #write(model: ModelRow, plan: Plan | undefined): Promise<Written | undefined> {
    const work = (client: pg.PoolClient): Promise<Written | undefined> => this.#inTransaction(client, model, plan);
    return transaction(this.pool, work).catch((error: unknown) => {
      if (isRepeatAtOnce(error)) return undefined;
      throw error;
    });
  }

  async #inTransaction(client: pg.PoolClient, model: ModelRow, ahead: Plan | undefined): Promise<Written | undefined> {
    await fence(client, this.request);
    const sealed = await recordedAnswer(client, this.request);
    if (sealed) return { kind: 'repeated', sealed };
    if (ahead?.comparison.changes.length === 0) return this.#keepIdle(client, model, ahead);
    const locked = await lockModel(client, this.request.environmentId, model.id, this.request.now);
    const plan = ahead ?? (locked && (await this.#plan(client, { ...model, version: locked.version, nextRow: locked.nextRow })));
    if (!plan || locked?.version !== plan.version) return undefined;
    const changes = plan.comparison.changes.length > 0;
    const fresh = changes ? await writePlan({ client, scope: this.request, modelId: model.id, locked, plan }) : [];
    const { environmentId, syncId } = this.request;
    if (syncId !== undefined) await endOthersClaims(client, { modelId: model.id, environmentId, syncId, rowNumbers: revivedBy(plan) });
    if (changes && model.merging) await noteOwn(client, this.request, { modelId: model.id, first: locked.sequence + 1, count: sequencesOf(plan) });
    await this.#follow(client, model, plan, plan.rowNumbers ?? [...rowNumbersOf(plan), ...fresh]);
    return { kind: 'saved', answer: plan.answer };
  }

  /** What changes nothing needs no lock: it stands before whatever another writer has done since it was looked up. */
  async #keepIdle(client: pg.PoolClient, model: ModelRow, plan: Plan): Promise<Written | undefined> {
    if (plan.rowNumbers && (await readVersion(client, { ...this.request, modelId: model.id })) !== plan.version) return undefined;
    await this.#follow(client, model, plan, plan.rowNumbers ?? rowNumbersOf(plan));
    return { kind: 'saved', answer: plan.answer };
  }

  /** What the execution keeps of the save: bits, counts, the journal's entry. */
  async #follow(client: pg.PoolClient, model: ModelRow, plan: Plan, rowNumbers: number[]): Promise<void> {
    const { executionId, environmentId, trackSeen, syncId, operation, call } = this.request;
    if (executionId !== undefined) {
      if (operation !== 'delete') {
        const owners = { executionId: trackSeen ? executionId : null, syncId: syncId ?? null };
        await markSeen(client, { ...owners, modelId: model.id, environmentId, rowNumbers });
      }
      await addCounts(client, { executionId, environmentId, model: this.request.model, counts: plan.answer });
      if (call !== undefined) await recordAnswer(client, this.request, await this.#sealAnswer(plan.answer));
    }
    await this.request.tx?.(client);
  }

  #sealAnswer(answer: SaveAnswer): Promise<Uint8Array> {
    return this.sealer.seal(this.request.environmentId, resultPurpose, Buffer.from(JSON.stringify(answer)));
  }

  async #openAnswer(sealed: Uint8Array): Promise<SaveAnswer> {
    const plain = await this.sealer.open(this.request.environmentId, resultPurpose, sealed);
    return JSON.parse(Buffer.from(plain).toString()) as SaveAnswer;
  }
}

type Written = { kind: 'saved'; answer: SaveAnswer } | { kind: 'repeated'; sealed: Uint8Array };

function rowNumbersOf({ comparison }: Plan): number[] {
  const changed = comparison.changes.flatMap((change) => (change.kind === 'insert' ? [] : [change.row.rowNumber]));
  return [...comparison.unchanged.map((row) => row.rowNumber), ...changed];
}

function revivedBy({ comparison }: Plan): number[] {
  return comparison.changes.flatMap((change) => (change.kind === 'revive' ? [change.row.rowNumber] : []));
}

function sequencesOf({ comparison }: Plan): number {
  return comparison.changes.filter((change) => change.kind !== 'restore').length;
}

function isRepeatAtOnce(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === uniqueViolation && 'constraint' in error && error.constraint === 'journal_entry_pkey';
}
