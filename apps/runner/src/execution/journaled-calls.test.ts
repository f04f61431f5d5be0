import type { JournalItem } from 'journal';
import { AppError } from 'model';
import { describe, expect, it } from 'vitest';
import { type Call, JournaledCalls } from './journaled-calls.js';
import { ParkedAttempt } from './parked-attempt.js';
import { PendingSaves } from './pending-saves.js';
import { RecordedCalls } from './recorded-calls.js';
import { StoredTape } from './stored-tape.js';

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const isOpen = async (promise: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([promise.then(() => 'done'), later(30).then(() => 'open')])) === 'open';
const text = (value: Uint8Array): string => Buffer.from(value).toString();

/** An attempt that finds these calls recorded, two a page. */
function anAttempt(...recorded: [call: string, state: JournalItem['state'], result?: string][]) {
  const items = recorded.map(([call, state, result = ''], index) => ({
    seq: index + 1,
    call,
    state,
    outside: /^(post|put)/.test(call),
    packed: Buffer.from(result),
  }));
  const seen = { pages: 0, fatal: [] as string[], stuck: [] as AppError[], parked: [] as Date[], live: [] as string[] };
  const tape = new StoredTape(0);
  const saves = new PendingSaves(() => undefined);
  const calls = new JournaledCalls({
    recorded: new RecordedCalls(async (after) => ((seen.pages += 1), items.filter(({ seq }) => seq > after).slice(0, 2))),
    tape,
    saves,
    isFatal: ({ code }) => code === 'execution_fenced',
    onFatal: ({ code }) => seen.fatal.push(code),
    onStuck: (error) => seen.stuck.push(error),
    onPark: (until) => seen.parked.push(until),
  });
  const ask = (id: string, more: Partial<Call<string>> = {}): Promise<string> =>
    calls.make({
      id,
      what: id,
      order: /^(post|put)/.test(id) ? 'outside' : 'any',
      recall: text,
      make: async () => (seen.live.push(id), `live ${id}`),
      ...more,
    });
  return { calls, seen, tape, saves, ask };
}

describe('the calls of an attempt', () => {
  it('are answered as they were, page by page as they are asked for', async () => {
    const { ask, seen } = anAttempt(
      ['get:a:0', 'done', 'A'],
      ['post:b:0', 'done', 'B'],
      ['get:c:0', 'failed', '{"code":"unknown_connection","message":"gone"}'],
    );
    expect([await ask('get:a:0'), await ask('post:b:0'), seen.pages]).toEqual(['A', 'B', 1]);
    await expect(ask('get:c:0')).rejects.toMatchObject({ code: 'unknown_connection', message: 'gone' });
    expect([await ask('get:d:0'), seen.live]).toEqual(['live get:d:0', ['get:d:0']]);
  });

  it('are made again where they answer what is not kept, and asked for where the result was not known', async () => {
    const { ask, seen } = anAttempt(['connection:a:0', 'done', '{}'], ['post:b:0', 'intent']);
    await ask('connection:a:0', { recall: null });
    await ask('post:b:0');
    expect(seen.live).toEqual(['connection:a:0', 'post:b:0']);
  });

  it('know whether one of them was answered with an error', async () => {
    const { calls, ask } = anAttempt(['get:a:0', 'failed', '{"code":"unknown_connection","message":"gone"}']);
    expect(calls.sawError).toBe(false);
    await ask('get:a:0').catch(() => undefined);
    expect(calls.sawError).toBe(true);
  });

  it('carry the tape, and the next one only what is new', async () => {
    const { tape, ask } = anAttempt();
    const pieces: unknown[] = [];
    const make = async (piece: unknown) => (pieces.push(piece), '');
    tape.grow('C1');
    await ask('get:a:0', { make });
    tape.grow('R');
    await ask('post:b:0', { make });
    expect(pieces).toEqual([
      { from: 0, text: 'C1' },
      { from: 2, text: 'R' },
    ]);
  });

  it('that write come after everything that was saved', async () => {
    const { saves, ask, seen } = anAttempt();
    const saved = Promise.withResolvers<void>();
    await saves.add(() => saved.promise);
    const [write, read] = [ask('post:a:0'), ask('get:a:0')];
    await read;
    expect([await isOpen(write), seen.live]).toEqual([true, ['get:a:0']]);
    saved.resolve();
    await write;
  });

  it('that write and were never made are kept back until those that were made have been repeated', async () => {
    const { ask, seen } = anAttempt(['post:a:0', 'done', 'A'], ['post:b:0', 'done', 'B']);
    const fresh = ask('post:x:0');
    await ask('post:b:0');
    expect(await isOpen(fresh)).toBe(true);
    expect(await ask('get:x:0')).toBe('live get:x:0');
    await ask('post:a:0');
    expect(await fresh).toBe('live post:x:0');
    expect(seen.stuck).toEqual([]);
  });

  it('that do not come again end the run when the script has come to rest, naming both', { timeout: 10_000 }, async () => {
    const { ask, seen } = anAttempt(['post:a:0', 'done', 'A']);
    const slow = Promise.withResolvers<string>();
    const read = ask('get:slow:0', { make: () => slow.promise });
    void ask('post:x:0', { what: 'POST /x' });
    await later(2_500);
    // An answer is still to come, with which the script may go on.
    expect(seen.stuck).toEqual([]);
    slow.resolve('');
    await read;
    await later(2_500);
    expect(seen.stuck).toMatchObject([{ code: 'script_not_deterministic', payload: { recorded: 'post:a:0', asked: 'POST /x' } }]);
    expect(seen.live).toEqual([]);
  });

  it('are never answered once the attempt has no say, or is parked; then what was saved is committed first', async () => {
    const { ask, seen, saves } = anAttempt();
    const saved = Promise.withResolvers<void>();
    await saves.add(() => saved.promise);
    const [sooner, until] = [new Date(1_000), new Date(2_000)];
    const parked = [until, sooner].map((date) => ask(`get:${date.getTime()}:0`, { make: () => Promise.reject(new ParkedAttempt(date)) }));
    await later(10);
    expect([seen.parked, await isOpen(Promise.race(parked)), await isOpen(ask('get:next:0'))]).toEqual([[], true, true]);
    saved.resolve();
    await later(10);
    expect([seen.parked, seen.live]).toEqual([[until], []]);
    const other = anAttempt();
    const fenced = other.ask('get:a:0', { make: () => Promise.reject(new AppError('execution_fenced')) });
    expect([await isOpen(fenced), other.seen.fatal]).toEqual([true, ['execution_fenced']]);
  });
});

it('results that were read ahead beyond what memory is kept for are asked for where they are', async () => {
  const large = Buffer.alloc(40_000_000);
  const items = ['a', 'b'].map((name, index) => ({ seq: index + 1, call: `get:${name}:0`, state: 'done' as const, outside: false, packed: large }));
  const recorded = new RecordedCalls(async (after) => items.filter(({ seq }) => seq > after));
  expect((await recorded.take('get:b:0'))?.packed).toBeNull();
  expect((await recorded.take('get:a:0'))?.packed).toBe(large);
  expect(await recorded.take('get:a:0')).toBeUndefined();
});
