import { describe, expect, it } from 'vitest';
import { toLegacyRecords } from './legacy-record.js';
import { momentOf, parseLegacyQuery, RecordsQueryForm, refuseTypos } from './records-query.js';

const read = (query: object) => RecordsQueryForm.parse({ model: 'Task', ...query });
const refused = (query: object) => !RecordsQueryForm.safeParse({ model: 'Task', ...query }).success;

describe('the query of /records', () => {
  it('has defaults', () => {
    expect(read({})).toEqual({ model: 'Task', variant: 'base', limit: 100 });
  });

  it('names kinds in any case and together', () => {
    expect(read({ filter: 'Added,DELETED' }).filter).toEqual(['ADDED', 'DELETED']);
    expect(refused({ filter: 'added,gone' })).toBe(true);
    expect(refused({ filter: 'constructor' })).toBe(true);
  });

  it.each([[{ ids: 'a' }], [{ 'ids[]': ['a'] }], [{ 'ids[0]': 'a' }]])('takes ids as %j', (query) => {
    expect(read(query).ids).toEqual(['a']);
  });

  it.each(['Task', 'Sales-Order', 'Task::eu-west'])('takes the model %s', (model) => {
    expect(read({ model }).model).toBe(model);
  });

  it.each([
    [{ limit: '0' }],
    [{ limit: '10001' }],
    [{ limit: 'many' }],
    [{ modified_after: 'yesterday' }],
    [{ modified_after: '2026-02-30T00:00:00Z' }],
    [{ delta: '2026-04-31' }],
    [{ model: '' }],
    [{ ids: Array.from({ length: 101 }, String) }],
  ])('is refused as %j', (query) => {
    expect(refused(query)).toBe(true);
  });

  it('is refused with the misspellings that would answer everything', () => {
    expect(() => refuseTypos({ modifiedAfter: 'x' })).toThrow(expect.objectContaining({ code: 'incorrect_param' }));
    expect(() => refuseTypos({ modified_after: 'x', cursor: 'y' })).not.toThrow();
  });

  it('keeps the microseconds of a moment', () => {
    expect(momentOf('2026-01-01T00:00:00.123456+00:00')).toBe('2026-01-01T00:00:00.123456Z');
    expect(momentOf('2026-01-01T00:00:00.1239999-23:30')).toBe('2026-01-01T23:30:00.123999Z');
    expect(momentOf('2026-01-01T00:00:00.12Z')).toEqual(new Date('2026-01-01T00:00:00.120Z'));
    expect(momentOf('2026-01-01')).toEqual(new Date('2026-01-01T00:00:00Z'));
  });
});

describe('the first era', () => {
  it.each([
    [{}, 'missing_model'],
    [{ model: 'Task', offset: '-1' }, 'invalid_offset'],
    [{ model: 'Task', limit: 'x' }, 'invalid_limit'],
    [{ model: 'Task', delta: 'x' }, 'invalid_timestamp'],
  ])('refuses %j as %s', (query, code) => {
    expect(() => parseLegacyQuery(query)).toThrow(expect.objectContaining({ code, status: 400 }));
  });

  it('names parameters without a value', () => {
    const query = { model: 'Task', order: 'desc', delta: '', offset: '', limit: '', sort_by: 'id', include_nango_metadata: 'false', filter: '' };
    expect(parseLegacyQuery(query)).toEqual(parseLegacyQuery({ model: 'Task' }));
  });

  const at = (second: number) => `2026-01-01T00:00:0${second}.000000+00:00`;
  const metadata = (second: number) => ({ first_seen_at: at(second), last_modified_at: at(9 - second), deleted_at: null, last_action: 'ADDED' as const });
  const records = ['a', 'b', 'c'].map((id, position) => ({ id, _nango_metadata: { ...metadata(position), pruned_at: null, cursor: 'x' } }));

  it('sorts by id downwards unless told otherwise', () => {
    const ids = (query: object) => toLegacyRecords(records, parseLegacyQuery({ model: 'Task', ...query })).map((record) => (record as { id: string }).id);
    expect(ids({})).toEqual(['c', 'b', 'a']);
    expect(ids({ sort_by: 'created_at', order: 'asc' })).toEqual(['a', 'b', 'c']);
    expect(ids({ sort_by: 'updated_at', order: 'asc' })).toEqual(['c', 'b', 'a']);
    expect(ids({ offset: '1', limit: '1' })).toEqual(['b']);
  });

  it('has its metadata inside or around the record', () => {
    const query = { model: 'Task', order: 'asc', limit: '1' };
    expect(toLegacyRecords(records, parseLegacyQuery(query))).toEqual([{ id: 'a', _nango_metadata: metadata(0) }]);
    expect(toLegacyRecords(records, parseLegacyQuery({ ...query, include_nango_metadata: 'true' }))).toEqual([{ ...metadata(0), record: { id: 'a' } }]);
  });
});
