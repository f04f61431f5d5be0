import { type Pool, type PoolClient, type Queryable, type Sealer, transaction } from 'database';
import type { RunningExecution } from './execution-row.js';
import { requireGeneration } from './require-generation.js';

/** What a journal entry's result is sealed for. */
export const resultPurpose = 'journal_entry.result';

type Caller = Pick<RunningExecution, 'executionId' | 'environmentId' | 'generation'>;

/** Where a call happens: on behalf of this execution, inside the transaction of its journal entry. */
export type CallSite = { client: PoolClient; execution: RunningExecution };

/** Calls that happen in the database itself: each in one transaction with its journal entry. */
export class CallJournal {
  constructor(
    private readonly pool: Pool,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Does `work` once for each call of an execution; a repeat answers what the first one answered, as JSON.
   * @throws AppError `execution_fenced` when the attempt no longer runs; whatever `work` throws, with nothing done
   */
  async once(execution: RunningExecution, call: string, work: (site: CallSite) => Promise<unknown>): Promise<unknown> {
    const { environmentId } = execution;
    const outcome = await transaction(this.pool, async (client) => {
      await requireGeneration(client, execution);
      const known = await findResult(client, execution, call);
      if (known) return { sealed: known };
      const value = await work({ client, execution });
      const sealed = await this.sealer.seal(environmentId, resultPurpose, Buffer.from(JSON.stringify(value ?? null)));
      await insertResult(client, execution, call, sealed);
      return { value };
    });
    if (!('sealed' in outcome)) return outcome.value;
    const plain = await this.sealer.open(environmentId, resultPurpose, outcome.sealed);
    return JSON.parse(Buffer.from(plain).toString()) as unknown;
  }
}

async function findResult(client: Queryable, { executionId, environmentId }: Caller, call: string): Promise<Buffer | null> {
  const { rows } = await client.query<{ result: Buffer | null }>(
    `SELECT result FROM journal_entry WHERE execution_id = $1 AND call = $2 AND environment_id = $3 AND state = 'done'`,
    [executionId, call, environmentId],
  );
  return rows[0]?.result ?? null;
}

async function insertResult(client: Queryable, { executionId, environmentId, generation }: Caller, call: string, sealed: Uint8Array): Promise<void> {
  await client.query(
    `INSERT INTO journal_entry (execution_id, call, environment_id, generation, state, outside, result) VALUES ($1, $2, $3, $4, 'done', false, $5)`,
    [executionId, call, environmentId, generation, sealed],
  );
}
