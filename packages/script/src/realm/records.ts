import type { SaveAnswer, SaveOperation } from 'model';
import { NangoError } from './error/nango-error.js';
import { stringify } from './intrinsics.js';
import { checkAborted, type Run } from './run.js';

/** In characters of JSON; what is larger than this fits no frame. */
const largestRecord = 16_000_000;

/** What a script saves: anything with an `id`. */
export type Records = Record<string, unknown>[] | null | undefined;

/** Saves, merges or deletes records of one model in chunks; earlier chunks stay saved when a later one fails. */
export async function send(run: Run, operation: SaveOperation, records: Records, model: string): Promise<true> {
  checkAborted(run);
  if (!records || records.length === 0) return true;
  checkModel(run, model);
  for (const chunk of chunks(run, records, operation)) {
    const answer = await run.bridge.call({ method: 'save', args: { model, operation }, body: chunk });
    // The orchestrator answers a save with its counts.
    for (const id of (answer.value as SaveAnswer).duplicates)
      run.log.line('error', `There are duplicate ids in this batch of '${model}': '${id}'. Only its first record is kept`);
  }
  return true;
}

function checkModel({ context }: Run, model: string): void {
  if (context.models.includes(model)) return;
  const declared = context.models.length === 0 ? 'It declares none' : `The declared models are: ${context.models.join(', ')}`;
  throw new NangoError('unknown_model', `The model '${model}' is not an output of '${context.scriptName}'. ${declared}`);
}

/** JSON arrays within the run's limits of count and size; every record is checked before the first chunk goes. */
function chunks({ limits: { saveRecords, saveBytes } }: Run, records: unknown, operation: SaveOperation): string[] {
  if (!Array.isArray(records)) throw new NangoError('invalid_record', `${methods[operation]} takes a list of records`);
  const texts = records.map((record, index) => toText(record, index, operation));
  const result: string[] = [];
  let chunk: string[] = [];
  let length = 0;
  for (const text of texts) {
    if (chunk.length === saveRecords || (chunk.length > 0 && length + text.length > saveBytes)) {
      result.push(`[${chunk.join(',')}]`);
      chunk = [];
      length = 0;
    }
    chunk.push(text);
    length += text.length;
  }
  return [...result, `[${chunk.join(',')}]`];
}

const methods: Record<SaveOperation, string> = { save: 'batchSave', update: 'batchUpdate', delete: 'batchDelete' };

function toText(record: unknown, index: number, operation: SaveOperation): string {
  const refuse = (problem: string): NangoError => new NangoError('invalid_record', `${methods[operation]}: the record at position ${index} ${problem}`);
  if (typeof record !== 'object' || record === null || Array.isArray(record)) throw refuse('is not an object');
  const { id } = record as { id?: unknown };
  if (typeof id === 'number' ? !Number.isFinite(id) : typeof id !== 'string') throw refuse("has no 'id' (a text of 1 to 255 characters, or a number)");
  if (typeof id === 'string' && (id.length === 0 || id.length > 255)) throw refuse(`has an 'id' of ${id.length} characters; allowed are 1 to 255`);
  const text = toJson(record, refuse);
  if (text.length > largestRecord) throw refuse(`has ${text.length} characters of JSON; at most ${largestRecord} are allowed`);
  return text;
}

function toJson(record: object, refuse: (problem: string) => NangoError): string {
  try {
    return stringify('_nango_metadata' in record ? { ...record, _nango_metadata: undefined } : record);
  } catch (error) {
    throw refuse(`cannot be written as JSON: ${error instanceof Error ? error.message : 'unknown problem'}`);
  }
}
