import { randomUUID } from 'node:crypto';
import { type Pool, type Sealer, transaction } from 'database';
import type { TapePiece } from 'model';
import { encodeError } from '../recorded-error.js';
import { findEntry, type Outcome, outcomeOf } from './entry.js';
import type { RunningExecution } from './execution-row.js';
import { type Caller, fenced } from './require-generation.js';
import { insertChunks, sealResult } from './sealed-result.js';
import { insertPiece, sealPiece } from './tape-pieces.js';

/** The right to send one call: while it is kept up, nobody else sends it. `retriesUsed` are further tries made before it was parked. */
export type Lease = Pick<RunningExecution, 'executionId' | 'environmentId'> & { call: string; token: string; retriesUsed: number };

/** How a write stands: sent by whoever got the lease; known; with somebody else; or left by a proxy that died. */
export type WriteState = { kind: 'mine'; lease: Lease } | { kind: 'recorded'; outcome: Outcome } | { kind: 'busy' } | { kind: 'lapsed'; abandoned: Lease };

/** For so long a lease holds that nobody renews. */
export const leaseMs = 30_000;

const untilThen = `clock_timestamp() + make_interval(secs => ${leaseMs / 1_000})`;
const held = `execution_id = $1 AND environment_id = $2 AND lease_token = $3 AND state = 'intent'`;

/** Writes to the outside: intent first, result after, so that no crash makes one twice or hides that it may have been made. */
export class OutsideCalls {
  constructor(
    private readonly pool: Pool,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Records durably that a call is about to be sent, with all of the tape that led to it; or tells how it stands already.
   * @throws AppError `execution_fenced` when the attempt no longer runs
   */
  async open(execution: RunningExecution, call: string, tape?: TapePiece | null): Promise<WriteState> {
    const { executionId, environmentId, generation } = execution;
    const piece = await sealPiece(this.sealer, environmentId, tape);
    const token = randomUUID();
    const { rows } = await this.pool.query<{ alive: number; opened: number }>({
      name: 'journal_intent',
      text: insertIntent,
      values: [executionId, call, environmentId, generation, token, piece.from, piece.sealed],
    });
    if (!rows[0]?.alive) throw fenced();
    if (rows[0].opened) return { kind: 'mine', lease: { executionId, environmentId, call, token, retriesUsed: 0 } };
    await insertPiece(this.pool, execution, piece);
    return this.look(execution, call);
  }

  /** How a call stands that was opened before. */
  async look(execution: Caller, call: string): Promise<WriteState> {
    const row = await findEntry(this.pool, execution, call);
    // Its execution has ended and the journal is gone.
    if (!row) throw fenced();
    const { executionId, environmentId } = execution;
    const outcome = await outcomeOf(this.pool, this.sealer, { executionId, environmentId, call }, row);
    if (outcome) return { kind: 'recorded', outcome };
    const abandoned = { executionId, environmentId, call, token: row.leaseToken ?? '', retriesUsed: row.retriesUsed };
    if (row.leaseToken !== null) return row.lapsed ? { kind: 'lapsed', abandoned } : { kind: 'busy' };
    return this.takeParked(execution, abandoned);
  }

  /** Takes over a call whose lease has lapsed, to send it again; null when somebody was faster. */
  async takeOver(abandoned: Lease): Promise<Lease | null> {
    const token = randomUUID();
    const { rowCount } = await this.pool.query(
      `UPDATE journal_entry SET lease_token = $4, lease_until = ${untilThen} WHERE ${held} AND lease_until < clock_timestamp()`,
      [...keyOf(abandoned), token],
    );
    return rowCount ? { ...abandoned, token } : null;
  }

  /** Holds the lease for longer. */
  async renew(lease: Lease): Promise<void> {
    await this.pool.query(`UPDATE journal_entry SET lease_until = ${untilThen} WHERE ${held}`, keyOf(lease));
  }

  /** Records what the call came to, whatever became of its caller and generation. False when somebody else has it by now. */
  async close(lease: Lease, outcome: Outcome): Promise<boolean> {
    const { executionId, environmentId, call } = lease;
    const result = await sealResult(this.sealer, environmentId, outcome.kind === 'done' ? outcome.value : encodeError(outcome.error));
    const statement = {
      name: 'journal_result',
      text: `UPDATE journal_entry SET state = $4, result = $5, chunks = $6, lease_token = NULL, lease_until = NULL WHERE ${held}`,
      values: [...keyOf(lease), outcome.kind, result.first, result.more.length],
    };
    if (result.more.length === 0) return Boolean((await this.pool.query(statement)).rowCount);
    return transaction(this.pool, async (client) => {
      if (!(await client.query(statement)).rowCount) return false;
      await insertChunks(client, { executionId, environmentId, call }, result);
      return true;
    });
  }

  /** Gives a lease back: nothing is on its way, and whoever asks for the call next may send it. */
  async release(lease: Lease, retriesUsed: number = lease.retriesUsed): Promise<void> {
    await this.pool.query(`UPDATE journal_entry SET lease_token = NULL, lease_until = NULL, retries_used = $4 WHERE ${held}`, [...keyOf(lease), retriesUsed]);
  }

  /** A call that was parked and is made again, by the attempt that runs now. */
  private async takeParked(execution: Caller, parked: Lease): Promise<WriteState> {
    const token = randomUUID();
    const { rowCount } = await this.pool.query(
      `UPDATE journal_entry SET lease_token = $4, lease_until = ${untilThen}
       WHERE execution_id = $1 AND environment_id = $2 AND call = $3 AND state = 'intent' AND lease_token IS NULL
         AND EXISTS (SELECT 1 FROM execution WHERE id = $1 AND environment_id = $2 AND generation = $5 AND status = 'running' FOR SHARE)`,
      [parked.executionId, parked.environmentId, parked.call, token, execution.generation],
    );
    return rowCount ? { kind: 'mine', lease: { ...parked, token } } : { kind: 'busy' };
  }
}

const keyOf = ({ executionId, environmentId, token }: Lease): unknown[] => [executionId, environmentId, token];

const insertIntent = `
  WITH alive AS (
    SELECT id FROM execution WHERE id = $1 AND environment_id = $3 AND generation = $4 AND status = 'running' FOR SHARE
  ), opened AS (
    INSERT INTO journal_entry (execution_id, call, environment_id, generation, state, outside, lease_token, lease_until, tape_from, tape)
    SELECT id, $2, $3, $4, 'intent', true, $5, ${untilThen}, $6, $7 FROM alive
    ON CONFLICT DO NOTHING RETURNING 1
  )
  SELECT (SELECT count(*) FROM alive)::int AS alive, (SELECT count(*) FROM opened)::int AS opened`;
