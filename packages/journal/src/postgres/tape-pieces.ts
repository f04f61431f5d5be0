import type { Queryable, Sealer } from 'database';
import type { TapePiece } from 'model';
import { pack, unpack } from '../packed.js';
import { mergeTape } from '../tape.js';
import type { Caller } from './require-generation.js';

const tapePurpose = 'journal_entry.tape';

/** A piece of tape as `journal_entry` keeps it; nulls where a call brought none. */
export type SealedPiece = { from: number | null; length: number; sealed: Uint8Array | null };

const none: SealedPiece = { from: null, length: 0, sealed: null };

export async function sealPiece(sealer: Sealer, environmentId: number, piece: TapePiece | null | undefined): Promise<SealedPiece> {
  if (!piece?.text) return none;
  const sealed = await sealer.seal(environmentId, tapePurpose, await pack(Buffer.from(piece.text)));
  return { from: piece.from, length: piece.text.length, sealed };
}

/** Keeps a piece whose call has an entry already, under a name of its own. */
export async function insertPiece(client: Queryable, { executionId, environmentId, generation }: Caller, piece: SealedPiece): Promise<void> {
  if (!piece.sealed) return;
  await client.query(
    `INSERT INTO journal_entry (execution_id, call, environment_id, generation, state, tape_from, tape) VALUES ($1, $2, $3, $4, 'tape', $5, $6) ON CONFLICT DO NOTHING`,
    [executionId, pieceName(generation, piece), environmentId, generation, piece.from, piece.sealed],
  );
}

/** The tape of all attempts so far. */
export async function readTape(client: Queryable, sealer: Sealer, executionId: string, environmentId: number): Promise<string> {
  const { rows } = await client.query<{ generation: number; from: number; tape: Buffer }>(
    `SELECT generation, tape_from AS "from", tape FROM journal_entry WHERE execution_id = $1 AND environment_id = $2 AND tape IS NOT NULL`,
    [executionId, environmentId],
  );
  const pieces = rows.map(async ({ generation, from, tape }) => {
    const plain = await unpack(await sealer.open(environmentId, tapePurpose, tape));
    return { generation, from, text: Buffer.from(plain).toString() };
  });
  return mergeTape(await Promise.all(pieces));
}

// Two pieces from one position differ in length, and the longer one must not give way to the shorter.
const pieceName = (generation: number, { from, length }: SealedPiece): string => `tape:${generation}:${from}:${length}`;
