import { AppError, type ScriptRecord } from 'model';

/**
 * The records of a save's body.
 * @throws AppError `invalid_json` when it is no JSON array, `invalid_record` for the first record without a valid id
 */
export function parseRecords(body: Uint8Array): ScriptRecord[] {
  const records = parse(body);
  if (!Array.isArray(records)) throw new AppError('invalid_json', { message: 'The records must be a JSON array' });
  const wrong = records.findIndex((record) => !hasId(record));
  if (wrong >= 0)
    throw new AppError('invalid_record', { message: `Record ${wrong} has no id (a string of 1 to 255 characters, or a number)`, payload: { index: wrong } });
  return records as ScriptRecord[]; // each was looked at above
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    throw new AppError('invalid_json', { message: 'The records are not valid JSON' });
  }
}

function hasId(record: unknown): boolean {
  if (typeof record !== 'object' || record === null || !('id' in record)) return false;
  return typeof record.id === 'number' || (typeof record.id === 'string' && record.id.length > 0 && record.id.length <= 255);
}
