import type { ExecutionLimits, SaveOperation } from 'model';
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
    await run.bridge.call({ method: 'save', args: { model, operation }, body: chunk.json });
    // Found here: a save may be answered before anybody has looked into it.
    for (const id of chunk.duplicates) run.log.line('error', `There are duplicate ids in this batch of '${model}': '${id}'. Only its first record is kept`);
  }
  return true;
}

/** @throws NangoError `unknown_model` for what the script does not declare */
export function checkModel({ context }: Run, model: string): void {
  if (context.models.includes(model)) return;
  const declared = context.models.length === 0 ? 'It declares none' : `The declared models are: ${context.models.join(', ')}`;
  throw new NangoError('unknown_model', `The model '${model}' is not an output of '${context.scriptName}'. ${declared}`);
}

type Chunk = { json: string; duplicates: Set<string> };

/** JSON arrays within the run's limits of count and size; every record is checked before the first chunk goes. */
function chunks({ limits }: Run, records: unknown, operation: SaveOperation): Chunk[] {
  if (!Array.isArray(records)) throw new NangoError('invalid_record', `${methods[operation]} takes a list of records`);
  const result: Chunk[] = [];
  let chunk = new ChunkInMaking(limits);
  for (const [index, record] of records.entries()) {
    const checked = check(record, index, operation);
    if (!chunk.hasRoomFor(checked.json)) {
      result.push(chunk.close());
      chunk = new ChunkInMaking(limits);
    }
    chunk.add(checked);
  }
  return [...result, chunk.close()];
}

class ChunkInMaking {
  readonly #texts: string[] = [];
  readonly #ids = new Set<string>();
  readonly #duplicates = new Set<string>();
  readonly #limits: ExecutionLimits;
  #length = 0;

  constructor(limits: ExecutionLimits) {
    this.#limits = limits;
  }

  hasRoomFor(json: string): boolean {
    return this.#texts.length < this.#limits.saveRecords && (this.#texts.length === 0 || this.#length + json.length <= this.#limits.saveBytes);
  }

  add({ id, json }: { id: string; json: string }): void {
    if (this.#ids.has(id)) this.#duplicates.add(id);
    this.#ids.add(id);
    this.#texts.push(json);
    this.#length += json.length;
  }

  close(): Chunk {
    return { json: `[${this.#texts.join(',')}]`, duplicates: this.#duplicates };
  }
}

const methods: Record<SaveOperation, string> = { save: 'batchSave', update: 'batchUpdate', delete: 'batchDelete' };

function check(record: unknown, index: number, operation: SaveOperation): { id: string; json: string } {
  const refuse = (problem: string): NangoError => new NangoError('invalid_record', `${methods[operation]}: the record at position ${index} ${problem}`);
  if (typeof record !== 'object' || record === null || Array.isArray(record)) throw refuse('is not an object');
  const { id } = record as { id?: unknown };
  if (typeof id === 'number' ? !Number.isFinite(id) : typeof id !== 'string') throw refuse("has no 'id' (a text of 1 to 255 characters, or a number)");
  if (typeof id === 'string' && (id.length === 0 || id.length > 255)) throw refuse(`has an 'id' of ${id.length} characters; allowed are 1 to 255`);
  const json = toJson(record, refuse);
  if (json.length > largestRecord) throw refuse(`has ${json.length} characters of JSON; at most ${largestRecord} are allowed`);
  return { id: String(id), json };
}

function toJson(record: object, refuse: (problem: string) => NangoError): string {
  try {
    return stringify('_nango_metadata' in record ? { ...record, _nango_metadata: undefined } : record);
  } catch (error) {
    throw refuse(`cannot be written as JSON: ${error instanceof Error ? error.message : 'unknown problem'}`);
  }
}
