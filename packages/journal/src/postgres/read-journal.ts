import { type Pool, type Sealer, transaction } from 'database';
import type { TapePiece } from 'model';
import { encodeError } from '../recorded-error.js';
import { findEntry, type Outcome, outcomeOf } from './entry.js';
import type { RunningExecution } from './execution-row.js';
import type { JournalBudget } from './journal-budget.js';
import { fenced } from './require-generation.js';
import { insertChunks, sealResult, type SealedResult } from './sealed-result.js';
import { insertPiece, sealPiece, type SealedPiece } from './tape-pieces.js';

/** What is known of a read before it is made: its outcome, or how many further tries it used before it was parked. */
export type KnownRead = { kind: 'recorded'; outcome: Outcome } | { kind: 'open'; retriesUsed: number };

/**
 * Reads outside, recorded after they were made and before they are answered.
 *
 * @param relaxed a pool whose commits wait for no disk: any later durable commit flushes them first, so a recorded write never
 * outlives the read it came from
 */
export class ReadJournal {
  constructor(
    private readonly relaxed: Pool,
    private readonly sealer: Sealer,
    private readonly budget: JournalBudget,
  ) {}

  async find(execution: RunningExecution, call: string, tape?: TapePiece | null): Promise<KnownRead> {
    const row = await findEntry(this.relaxed, execution, call);
    const outcome = row && (await outcomeOf(this.relaxed, this.sealer, { ...execution, call }, row));
    if (!outcome) return { kind: 'open', retriesUsed: row?.retriesUsed ?? 0 };
    await insertPiece(this.relaxed, execution, await sealPiece(this.sealer, execution.environmentId, tape));
    return { kind: 'recorded', outcome };
  }

  /**
   * Records what a read came to, and answers what the script is to be told: what was recorded first.
   * @throws AppError `execution_fenced` when the attempt no longer runs
   */
  async record(execution: RunningExecution, call: string, outcome: Outcome, tape?: TapePiece | null): Promise<Outcome> {
    if (!(await this.budget.hasRoom(execution))) return outcome;
    const { environmentId } = execution;
    const plain = outcome.kind === 'done' ? outcome.value : encodeError(outcome.error);
    const [result, piece] = await Promise.all([sealResult(this.sealer, environmentId, plain), sealPiece(this.sealer, environmentId, tape)]);
    const entry = { call, state: outcome.kind, result, piece };
    if (!(await this.insert(execution, entry))) return this.first(execution, call);
    await this.budget.add(execution, result.bytes);
    return outcome;
  }

  /** Keeps how many tries a read has used that will be made again. */
  async park(execution: RunningExecution, call: string, retriesUsed: number, tape?: TapePiece | null): Promise<void> {
    const { executionId, environmentId, generation } = execution;
    await insertPiece(this.relaxed, execution, await sealPiece(this.sealer, environmentId, tape));
    await this.relaxed.query(
      `INSERT INTO journal_entry (execution_id, call, environment_id, generation, state, retries_used) VALUES ($1, $2, $3, $4, 'intent', $5)
       ON CONFLICT (execution_id, call) DO UPDATE SET retries_used = excluded.retries_used WHERE journal_entry.state = 'intent'`,
      [executionId, call, environmentId, generation, retriesUsed],
    );
  }

  private async insert(execution: RunningExecution, entry: Entry): Promise<boolean> {
    const { executionId, environmentId, generation } = execution;
    const { call, state, result, piece } = entry;
    const statement = {
      name: 'journal_read',
      text: insertRead,
      values: [executionId, call, environmentId, generation, state, result.first, result.more.length, piece.from, piece.sealed],
    };
    if (result.more.length === 0) return Boolean((await this.relaxed.query(statement)).rowCount);
    return transaction(this.relaxed, async (client) => {
      if (!(await client.query(statement)).rowCount) return false;
      await insertChunks(client, { executionId, environmentId, call }, result);
      return true;
    });
  }

  /** The same call was made twice at once, or by two attempts. */
  private async first(execution: RunningExecution, call: string): Promise<Outcome> {
    const known = await this.find(execution, call);
    if (known.kind === 'open') throw fenced();
    return known.outcome;
  }
}

type Entry = { call: string; state: Outcome['kind']; result: SealedResult; piece: SealedPiece };

// Without a lock on the execution: what an attempt records in the moment in which it is taken over is true all the same, and
// what it adds to the tape beyond what its successor has read does not count.
const insertRead = `
  INSERT INTO journal_entry AS known (execution_id, call, environment_id, generation, state, result, chunks, tape_from, tape)
  SELECT id, $2, environment_id, generation, $5, $6, $7, $8, $9 FROM execution WHERE id = $1 AND environment_id = $3 AND generation = $4 AND status = 'running'
  ON CONFLICT (execution_id, call) DO UPDATE
    SET state = excluded.state, result = excluded.result, chunks = excluded.chunks, tape_from = excluded.tape_from, tape = excluded.tape,
      generation = excluded.generation
    WHERE known.state = 'intent' AND NOT known.outside`;
