import { AppError } from 'model';

const form = /^1:(\d{1,9}):(\d{1,15})$/;

/** A reader's place: after this sequence of this model. */
export function writeCursor(modelId: number, sequence: number): string {
  return Buffer.from(`1:${modelId}:${sequence}`).toString('base64');
}

/**
 * The sequence to go on after. A cursor of another model (the connection was made anew, say) starts from the beginning,
 * so that nothing is skipped. @throws AppError `invalid_cursor` for what {@link writeCursor} never made.
 */
export function readCursor(cursor: string, modelId: number): number {
  const [, model, sequence] = form.exec(Buffer.from(cursor, 'base64').toString('latin1')) ?? [];
  if (model === undefined || sequence === undefined) throw new AppError('invalid_cursor', { message: 'The cursor is not one that this API has given.' });
  return Number(model) === modelId ? Number(sequence) : 0;
}
