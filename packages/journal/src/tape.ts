/** A piece of an execution's tape as an attempt of one generation has stored it. */
export type StoredPiece = { generation: number; from: number; text: string };

/**
 * The tape that the next attempt reads. Pieces of one generation overlap and are equal where they do. A later generation
 * has read what its first piece continues; what an earlier one has stored beyond came from a runner that was given up.
 */
export function mergeTape(pieces: StoredPiece[]): string {
  let tape = '';
  let generation = 0;
  for (const piece of pieces.toSorted((left, right) => left.generation - right.generation || left.from - right.from)) {
    if (piece.generation > generation) tape = tape.slice(0, piece.from);
    generation = piece.generation;
    if (piece.from <= tape.length && piece.from + piece.text.length > tape.length) tape = tape.slice(0, piece.from) + piece.text;
  }
  return tape;
}
