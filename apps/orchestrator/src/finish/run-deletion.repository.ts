import { Inject, Injectable } from '@nestjs/common';
import { DELETIONS, type DeletionStore, type PoolClient } from 'database';
import type { EndedExecution } from 'journal/postgres';
import { insertMessages } from '../operation-log/operation-log.repository.js';
import { deletionLine } from './deletion-line.js';

/** A run of a sync that is over. `connectionId` is the row's id, `models` are named as they are stored. */
export type EndedRun = EndedExecution & { syncId: string; connectionId: number; models: string[] };

/** Deletions that the end of a run brings, in the finish's transaction. */
@Injectable()
export class RunDeletionRepository {
  constructor(@Inject(DELETIONS) private readonly deletions: DeletionStore) {}

  /** Before anything that the end changes of the run's models. */
  async begin(client: PoolClient, { environmentId, connectionId, models }: EndedRun): Promise<void> {
    if (models.length > 1) await this.deletions.lockModels(client, environmentId, { connectionId, models });
  }

  /** Deletes what a complete run has not seen; what is held back or spared is told in the run's log. */
  async deleteUnseen(client: PoolClient, run: EndedRun): Promise<void> {
    for (const model of run.models) {
      const verdict = await this.deletions.endRun(client, { ...run, model });
      const line = deletionLine(model, verdict);
      if (line) await insertMessages(client, run, [{ at: run.finishedAt.toISOString(), ...line }]);
    }
  }

  /** Ends what the run has noted, however it ended. */
  async close(client: PoolClient, run: EndedRun): Promise<void> {
    await this.deletions.closeExecution(client, run);
    await client.query(`UPDATE record_model SET last_run_at = clock_timestamp() WHERE environment_id = $1 AND connection_id = $2 AND model = ANY($3)`, [
      run.environmentId,
      run.connectionId,
      run.models,
    ]);
  }
}
