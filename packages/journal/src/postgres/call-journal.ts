import { type Pool, type PoolClient, type Sealer, transaction } from 'database';
import type { TapePiece } from 'model';
import { encodeError, isResult } from '../recorded-error.js';
import { findEntry, insertEntry, type Outcome, outcomeOf } from './entry.js';
import type { RunningExecution } from './execution-row.js';
import type { JournalBudget } from './journal-budget.js';
import { requireGeneration } from './require-generation.js';
import { sealResult } from './sealed-result.js';
import { insertPiece, sealPiece } from './tape-pieces.js';

/** Where a call happens: on behalf of this execution, inside the transaction of its journal entry. */
export type CallSite = {
  client: PoolClient;
  execution: RunningExecution;
  /** Whether one of the run's calls so far was answered with an error: then nothing may be deleted for not having been seen. */
  sawError: boolean;
};

/**
 * A call by its id, with what came with it. `flush: 'later'` is for reads, which the next durable write flushes with itself,
 * and which are not recorded where the journal is full.
 */
export type JournaledCall = { call: string; tape?: TapePiece | null | undefined; flush?: 'now' | 'later'; sawError?: boolean | undefined };

type Recording = JournaledCall & { isRecorded: boolean };

type Done = { kind: 'fresh'; value: unknown } | { kind: 'repeated'; outcome: Outcome };

/** Calls that happen in the database itself: each in one transaction with its journal entry. */
export class CallJournal {
  constructor(
    private readonly pool: Pool,
    private readonly sealer: Sealer,
    private readonly budget: JournalBudget,
  ) {}

  /**
   * Does `work` once for each call of an execution; a repeat answers what the first one answered, as JSON, or throws what it threw.
   * @throws AppError `execution_fenced` when the attempt no longer runs; whatever `work` throws, with nothing done
   */
  async once(execution: RunningExecution, request: JournaledCall, work: (site: CallSite) => Promise<unknown>): Promise<unknown> {
    const isRecorded = request.flush !== 'later' || (await this.budget.hasRoom(execution));
    const done = await this.perform(execution, { ...request, isRecorded }, work).catch((error: unknown) =>
      this.refused(execution, { ...request, isRecorded }, error),
    );
    if (done.kind === 'fresh') return done.value;
    if (done.outcome.kind === 'failed') throw done.outcome.error;
    return JSON.parse(Buffer.from(done.outcome.value).toString()) as unknown;
  }

  private async perform(execution: RunningExecution, request: Recording, work: (site: CallSite) => Promise<unknown>): Promise<Done> {
    const plain = { bytes: 0 };
    const done = await this.unlessKnown(execution, request, async (client) => {
      const value = await work({ client, execution, sawError: request.sawError === true });
      plain.bytes = await this.insert(client, execution, request, 'done', Buffer.from(JSON.stringify(value ?? null)));
      return { kind: 'fresh', value };
    });
    await this.budget.add(execution, plain.bytes);
    return done;
  }

  /** What `work` had done is rolled back; its refusal is a result like any other, and stays the same for a script that is run again. */
  private async refused(execution: RunningExecution, request: Recording, error: unknown): Promise<Done> {
    if (!isResult(error)) throw error;
    return this.unlessKnown(execution, request, async (client) => {
      await this.insert(client, execution, request, 'failed', encodeError(error));
      return { kind: 'repeated', outcome: { kind: 'failed', error } };
    });
  }

  private async unlessKnown(execution: RunningExecution, request: Recording, work: (client: PoolClient) => Promise<Done>): Promise<Done> {
    const { call, tape, flush } = request;
    return transaction(this.pool, async (client) => {
      if (flush === 'later') await client.query('SET LOCAL synchronous_commit = off');
      await requireGeneration(client, execution);
      const known = await findEntry(client, execution, call);
      const outcome = known && (await outcomeOf(client, this.sealer, { ...execution, call }, known));
      if (!outcome) return work(client);
      await insertPiece(client, execution, await sealPiece(this.sealer, execution.environmentId, tape));
      return { kind: 'repeated', outcome };
    });
  }

  /** @returns how many bytes it took */
  private async insert(client: PoolClient, execution: RunningExecution, request: Recording, state: 'done' | 'failed', plain: Uint8Array): Promise<number> {
    if (!request.isRecorded) return 0;
    const { environmentId } = execution;
    const piece = await sealPiece(this.sealer, environmentId, request.tape);
    const result = await sealResult(this.sealer, environmentId, plain);
    await insertEntry(client, execution, { call: request.call, state, result, piece });
    return result.bytes;
  }
}
