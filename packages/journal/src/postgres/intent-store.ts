import { transaction, type Pool } from 'database';
import type { RunningExecution } from './execution-row.js';
import { requireGeneration } from './require-generation.js';

type Caller = Pick<RunningExecution, 'executionId' | 'environmentId' | 'generation'>;

/** Writes to the outside: each stands in the journal before it is sent, so that a killed run is known to have had effects. */
export class IntentStore {
  constructor(private readonly pool: Pool) {}

  /**
   * Records that a call is about to be sent.
   * @returns `exists` when this call was opened before: it must not be sent again
   * @throws AppError `execution_fenced` when the attempt no longer runs
   */
  open(execution: Caller, call: string): Promise<'opened' | 'exists'> {
    const { executionId, environmentId, generation } = execution;
    return transaction(this.pool, async (client) => {
      await requireGeneration(client, execution);
      const { rowCount } = await client.query(
        `INSERT INTO journal_entry (execution_id, call, environment_id, generation, state, outside, created_at)
         VALUES ($1, $2, $3, $4, 'intent', true, clock_timestamp()) ON CONFLICT DO NOTHING`,
        [executionId, call, environmentId, generation],
      );
      return rowCount ? 'opened' : 'exists';
    });
  }

  /** Records that an answer came, whatever became of the caller and its generation. */
  async close(execution: Pick<Caller, 'executionId' | 'environmentId'>, call: string): Promise<void> {
    await this.pool.query(`UPDATE journal_entry SET state = 'done' WHERE execution_id = $1 AND environment_id = $2 AND call = $3 AND outside`, [
      execution.executionId,
      execution.environmentId,
      call,
    ]);
  }

  /** Whether the execution has sent, or was about to send, anything that writes outside. */
  async hasAny(environmentId: number, executionId: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(`SELECT 1 FROM journal_entry WHERE execution_id = $1 AND environment_id = $2 AND outside LIMIT 1`, [
      executionId,
      environmentId,
    ]);
    return Boolean(rowCount);
  }
}
