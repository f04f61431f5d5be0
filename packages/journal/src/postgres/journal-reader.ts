import type { Pool, Sealer } from 'database';
import type { JournalHead } from 'model';
import { encodePage } from '../journal-page.js';
import type { RunningExecution } from './execution-row.js';
import { openPacked, type ResultRow } from './sealed-result.js';
import { readTape } from './tape-pieces.js';

/** About so many packed bytes go together. */
const pageBytes = 4_000_000;

type Row = JournalHead & ResultRow;

/** What earlier attempts of an execution have left to the next one. */
export class JournalReader {
  constructor(
    private readonly pool: Pool,
    private readonly sealer: Sealer,
  ) {}

  /** The next entries after a sequence number, in the order of the calls, for `decodePage`; empty at the end. */
  async page({ executionId, environmentId }: RunningExecution, after: number): Promise<Uint8Array> {
    const { rows } = await this.pool.query<Row>(nextPage, [executionId, environmentId, after, pageBytes]);
    const items = rows.map(async ({ seq, call, state, outside, result, chunks }) => ({
      seq,
      call,
      state,
      outside,
      packed: await openPacked(this.pool, this.sealer, { executionId, environmentId, call }, { result, chunks }),
    }));
    return encodePage(await Promise.all(items));
  }

  tape({ executionId, environmentId }: RunningExecution): Promise<string> {
    return readTape(this.pool, this.sealer, executionId, environmentId);
  }
}

// As many as fit, and always one.
const nextPage = `
  SELECT seq, call, state, outside, result, chunks FROM (
    SELECT *, sum(bytes) OVER (ORDER BY seq) - bytes AS before FROM (
      SELECT seq, call, state, outside, result, chunks, 200 + coalesce(octet_length(result), 0) + chunks * 1000000 AS bytes
      FROM journal_entry WHERE execution_id = $1 AND environment_id = $2 AND seq > $3 AND state <> 'tape'
    ) entries
  ) summed WHERE before < $4 ORDER BY seq`;
