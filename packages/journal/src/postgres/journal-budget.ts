import type { Pool } from 'database';
import type { RunningExecution } from './execution-row.js';

/** Compressed bytes that an execution's journal may have, unless configured otherwise. */
export const defaultJournalBytes = 256_000_000;

/** So much may be recorded before the execution's row hears of it. */
const stepBytes = 4_000_000;

type Budgeted = Pick<RunningExecution, 'executionId' | 'environmentId' | 'journalBytes' | 'journalFull'>;

/** How large the journals of the executions become for which this process records. */
export class JournalBudget {
  readonly #pending = new Map<string, number>();

  constructor(
    private readonly pool: Pool,
    private readonly maxBytes: number = defaultJournalBytes,
  ) {}

  /** Whether reads are still recorded. Where they are no longer, the execution is marked before anybody is told. */
  async hasRoom(execution: Budgeted): Promise<boolean> {
    const { executionId, environmentId, journalBytes, journalFull } = execution;
    if (journalFull) return false;
    if (journalBytes + (this.#pending.get(executionId) ?? 0) < this.maxBytes) return true;
    await this.pool.query(`UPDATE execution SET journal_full = true WHERE id = $1 AND environment_id = $2`, [executionId, environmentId]);
    this.#pending.delete(executionId);
    return false;
  }

  /** Not to be awaited inside a transaction that holds the execution's row. */
  async add({ executionId, environmentId }: Budgeted, bytes: number): Promise<void> {
    const pending = (this.#pending.get(executionId) ?? 0) + bytes;
    if (pending < stepBytes) return this.keep(executionId, pending);
    this.#pending.delete(executionId);
    await this.pool.query(`UPDATE execution SET journal_bytes = journal_bytes + $3 WHERE id = $1 AND environment_id = $2`, [
      executionId,
      environmentId,
      pending,
    ]);
  }

  // Executions end without a word to this process: the oldest counts are forgotten, which costs each at most one step.
  private keep(executionId: string, pending: number): void {
    this.#pending.delete(executionId);
    this.#pending.set(executionId, pending);
    const [oldest] = this.#pending.keys();
    if (this.#pending.size > 2_000 && oldest !== undefined) this.#pending.delete(oldest);
  }
}
