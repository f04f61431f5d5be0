import { AppError } from 'model';
import type { Queryable } from '../pool.js';
import type { SaveRequest } from './requests.js';

/** Keeps the execution's generation as it is until the transaction ends. @throws AppError `execution_fenced` when another one has begun or it is over. */
export async function fence(client: Queryable, { executionId, generation, environmentId }: SaveRequest): Promise<void> {
  if (executionId === undefined) return;
  const { rowCount } = await client.query(
    `select 1 from execution where id = $1 and environment_id = $2 and generation = $3 and status = 'running' for share`,
    [executionId, environmentId, generation ?? 0],
  );
  if (rowCount === 0) throw new AppError('execution_fenced', { message: 'This run is over, or another attempt has taken its place.' });
}

/** The sealed answer that the same call was given before. */
export async function recordedAnswer(client: Queryable, request: SaveRequest): Promise<Uint8Array | undefined> {
  const { executionId, call, environmentId } = request;
  if (executionId === undefined || call === undefined) return undefined;
  const { rows } = await client.query<{ result: Buffer | null }>(
    `select result from journal_entry where execution_id = $1 and call = $2 and environment_id = $3 and state = 'done'`,
    [executionId, call, environmentId],
  );
  if (rows[0]) await keepTape(client, request);
  return rows[0]?.result ?? undefined;
}

/** Records what the call is answered, for a repeat of it, with the piece of tape that led to it. */
export async function recordAnswer(client: Queryable, request: SaveRequest, answer: Uint8Array): Promise<void> {
  const { executionId, call, environmentId, generation, tape } = request;
  await client.query(
    `insert into journal_entry (execution_id, call, environment_id, generation, state, outside, result, tape_from, tape) values ($1, $2, $3, $4, 'done', false, $5, $6, $7)`,
    [executionId, call, environmentId, generation ?? 0, answer, tape?.from ?? null, tape?.sealed ?? null],
  );
}

/** A repeat may bring more of the tape than the first one did. */
async function keepTape(client: Queryable, { executionId, environmentId, generation, tape }: SaveRequest): Promise<void> {
  if (!tape) return;
  await client.query(
    `insert into journal_entry (execution_id, call, environment_id, generation, state, tape_from, tape) values ($1, $2, $3, $4, 'tape', $5, $6) on conflict do nothing`,
    [executionId, `tape:${generation ?? 0}:${tape.from}:${tape.length}`, environmentId, generation ?? 0, tape.from, tape.sealed],
  );
}
