import { AppError } from 'model';

const form = /^1:(\d{1,9}):(\d{1,15})$/;

export type Cursor = { modelId: number; sequence: number };

/** A reader's place: after this sequence of this model. */
export function writeCursor(modelId: number, sequence: number): string {
  return Buffer.from(`1:${modelId}:${sequence}`).toString('base64');
}

/**
 * Where to go on. A cursor of another model (the connection was made anew, say) counts as the beginning,
 * so that nothing is skipped. @throws AppError `invalid_cursor` for what {@link writeCursor} never made.
 */
export function readCursor(cursor: string): Cursor {
  const [, model, sequence] = form.exec(Buffer.from(cursor, 'base64').toString('latin1')) ?? [];
  if (model === undefined || sequence === undefined) throw new AppError('invalid_cursor', { message: 'The cursor is not one that this API has given.' });
  return { modelId: Number(model), sequence: Number(sequence) };
}
