import { NangoError } from './error/nango-error.js';
import { askPlatform } from './platform.js';
import { checkModel } from './records.js';
import type { Run } from './run.js';

type Saved = Record<string, unknown>;

const idsAtOnce = 500;

/** Living records by the ids as they were given; unknown ones are left out. */
export async function getRecordsByIds(run: Run, ids: unknown, model: string): Promise<Map<unknown, Saved>> {
  checkModel(run, model);
  if (!Array.isArray(ids)) throw new NangoError('script_internal_error', 'getRecordsByIds takes a list of ids');
  const given = new Map<string, unknown>(ids.map((id: unknown) => [String(id), id]));
  const wanted = [...given.keys()].filter((id) => id.length > 0 && id.length <= 255);
  const found = new Map<string, Saved>();
  for (let start = 0; start < wanted.length; start += idsAtOnce) {
    const records = await askPlatform(run, 'getRecords', { model, ids: wanted.slice(start, start + idsAtOnce) });
    for (const record of records) found.set(String(record.id), record);
  }
  return new Map(wanted.flatMap((id) => (found.has(id) ? [[given.get(id), found.get(id) ?? {}] as const] : [])));
}

/** The living records of a model with their `_nango_metadata`, oldest change first, from a cursor on. */
export async function* listRecords(run: Run, model: string, { cursor }: { cursor?: string | null } = {}): AsyncGenerator<Saved> {
  checkModel(run, model);
  let next = cursor ?? null;
  do {
    const page = await askPlatform(run, 'listRecords', { model, cursor: next });
    yield* page.records;
    next = page.next_cursor;
  } while (next !== null);
}
