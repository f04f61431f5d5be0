import type { DeletionVerdict } from 'model';
import { transaction } from '../pool.js';
import { aModel, anExecution, aSync, type TestModel, type TestStore } from './store.js';

export type Run = { executionId: string; generation: number; trackSeen: boolean; syncId: string };

export const ids = (from: number, to: number): { id: string }[] =>
  Array.from({ length: to - from }, (_, n) => ({ id: `r${String(from + n).padStart(5, '0')}` }));

export const living = async (model: TestModel): Promise<string[]> =>
  (await model.list({ filter: ['ADDED', 'UPDATED'], limit: 10_000 })).records.map((record) => record.id).toSorted();

/** Runs of syncs that end, and the deletions that come of it. */
export class Deleting {
  constructor(private readonly store: () => TestStore) {}

  aRun = async (model: TestModel, syncId: string): Promise<Run> => ({ ...(await anExecution(this.store(), model, syncId)), trackSeen: true, syncId });

  finish = (model: TestModel, { executionId, syncId }: Run): Promise<DeletionVerdict> => {
    const { pool, deletions } = this.store();
    return transaction(pool, async (client) => {
      const verdict = await deletions.endRun(client, { ...model.scope, executionId, syncId });
      await deletions.closeExecution(client, { executionId, environmentId: model.scope.environmentId });
      return verdict;
    });
  };

  fail = async (model: TestModel, { executionId }: Run): Promise<void> => {
    const { pool, deletions } = this.store();
    await deletions.closeExecution(pool, { executionId, environmentId: model.scope.environmentId });
  };

  heldOf = async (model: TestModel): Promise<{ id: string; missing: number; existing: number; reason: string | null }[]> => {
    const { environmentId, connectionId } = model.scope;
    const held = await this.store().deletions.list({ environmentId, connectionId, states: ['held'] });
    return held.map(({ id, missing, existing, reason }) => ({ id, missing, existing, reason }));
  };

  bitmaps = async (model: TestModel): Promise<number> =>
    (await this.store().pool.query('select distinct owner_id from record_seen where environment_id = $1', [model.scope.environmentId])).rowCount ?? 0;

  /** A model of ten records whose sync has found none of them again. */
  aHeldDeletion = async (): Promise<{ model: TestModel; syncId: string; id: string }> => {
    const model = await aModel(this.store());
    const syncId = await aSync(this.store(), model);
    await model.save(ids(0, 10));
    await this.finish(model, await this.aRun(model, syncId));
    return { model, syncId, id: (await this.heldOf(model))[0]!.id };
  };
}
