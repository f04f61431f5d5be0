import type { SaveRequest } from './requests.js';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { aModel, anExecution, openStore, type TestModel, type TestStore } from '../test/store.js';

// Scorecard D-09: seconds here, five minutes with RECORD_READER_SECONDS=300.
const seconds = Number(process.env['RECORD_READER_SECONDS'] ?? (inject('long') ? 10 : 3));
const pollMs = 50;
const writers = 8;

let test: TestStore;

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

it(
  'a reader who polls the cursor every 50 ms misses nothing that eight writers write, some of them slowly',
  async () => {
    const model = await aModel(test);
    const until = performance.now() + seconds * 1000;
    let writing = true;
    const reader = follow(model, () => writing);
    const written = await Promise.all(Array.from({ length: writers }, (_, writer) => write(model, writer, until)));
    writing = false;
    const seen = await reader;

    const expected = new Map(written.flatMap((ofWriter) => [...ofWriter]));
    const skipped = [...expected].filter(([id, version]) => seen.versions.get(id) !== version);
    expect({ skipped, disorder: seen.disorder, repeats: seen.repeats }).toEqual({ skipped: [], disorder: 0, repeats: 0 });
    expect(expected.size).toBeGreaterThan(seconds * 20);
  },
  seconds * 1000 + 60_000,
);

/**
 * Each writer adds records of its own and changes them again, as a sync's run, a webhook or an action does; every third save stays
 * uncommitted for a while. Answers the last version of each record.
 */
async function write(model: TestModel, writer: number, until: number): Promise<Map<string, number>> {
  const latest = new Map<string, number>();
  const run: Partial<SaveRequest> = writer < 3 ? await anExecution(test, model) : {};
  for (let round = 0; performance.now() < until; round++) {
    const records = Array.from({ length: 5 }, (_, n) => ({ id: `w${writer}-${round - (n % 2)}-${n}`, version: round }));
    const slow = round % 3 === writer % 3 ? { tx: () => wait(20 + 40 * Math.random()) } : {};
    await model.save(records, { ...run, ...slow });
    for (const { id, version } of records) latest.set(id, version);
    await wait(10 * Math.random());
  }
  return latest;
}

/** Reads on from the last record's cursor, as products do. */
async function follow(model: TestModel, goOn: () => boolean): Promise<{ versions: Map<string, number>; disorder: number; repeats: number }> {
  const seen = { versions: new Map<string, number>(), disorder: 0, repeats: 0 };
  const cursors = new Set<string>();
  let [cursor, before]: [string | undefined, number] = [undefined, 0];
  for (;;) {
    const last = !goOn();
    const { records } = await model.list({ limit: 100, ...(cursor ? { cursor } : {}) });
    for (const record of records) {
      cursor = record._nango_metadata.cursor;
      const at = Number(Buffer.from(cursor, 'base64').toString().split(':')[2]);
      if (at <= before) seen.disorder++;
      if (cursors.has(cursor)) seen.repeats++;
      cursors.add(cursor);
      before = at;
      seen.versions.set(record.id, Number(record['version']));
    }
    if (last && records.length === 0) return seen;
    if (records.length < 100) await wait(pollMs);
  }
}
