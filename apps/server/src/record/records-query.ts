import { AppError, type ErrorCode, LegacyRecordsQuery, RecordsQuery } from 'model';
import { z } from 'zod';

type RawQuery = Record<string, unknown>;

/** The query of `GET /records` as it comes: `ids` once, repeatedly, or with the brackets that axios adds. */
export const RecordsQueryForm = z.preprocess(gatherIds, RecordsQuery);

const typos: Record<string, string> = { modifiedAfter: 'modified_after', next_cursor: 'cursor' };

/** Refuses parameters that are another one's misspelling; ignored, they would answer everything (surface 4.2). */
export function refuseTypos(query: RawQuery): void {
  const typo = Object.keys(typos).find((name) => name in query);
  if (typo) throw new AppError('incorrect_param', { message: `There is no parameter '${typo}'; it is called '${typos[typo]}'` });
}

const legacyCodes: Record<string, ErrorCode> = { model: 'missing_model', offset: 'invalid_offset', limit: 'invalid_limit', delta: 'invalid_timestamp' };

/** Reads the first era's query, with its own error codes. Its clients name every parameter, also those that have no value. */
export function parseLegacyQuery(query: RawQuery): LegacyRecordsQuery {
  const result = LegacyRecordsQuery.safeParse(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = String(issue?.path[0] ?? '');
  const errors = result.error.issues.map(({ code, message, path }) => ({ code, message, path: path.map(String) }));
  throw new AppError(legacyCodes[field] ?? 'invalid_query_params', { message: `${field}: ${issue?.message ?? 'is not valid'}`, errors });
}

const usualYear = /^[1-9]\d{3}-/;
const beyondMilliseconds = /T\d\d:\d\d:\d\d\.\d{3}(\d{1,3})/i;

/** A caller's point in time for the database: in UTC, since it knows fewer offsets than JavaScript, and with the microseconds that a `Date` would lose. */
export function momentOf(text: string): string | Date {
  const moment = new Date(text);
  const iso = moment.toISOString();
  const micros = beyondMilliseconds.exec(text)?.[1];
  return micros === undefined || !usualYear.test(iso) ? moment : `${iso.slice(0, -1)}${micros}Z`;
}

const idsName = /^ids(\[\d*\])?$/;

function gatherIds(query: unknown): unknown {
  if (typeof query !== 'object' || query === null) return query;
  const entries = Object.entries(query);
  const ids = entries.filter(([name]) => idsName.test(name)).flatMap(([, value]) => value);
  const rest = Object.fromEntries(entries.filter(([name]) => !idsName.test(name)));
  return ids.length === 0 ? rest : { ...rest, ids };
}
