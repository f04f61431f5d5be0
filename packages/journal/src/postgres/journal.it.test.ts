import { randomBytes, randomUUID } from 'node:crypto';
import { openPool, type Pool } from 'database';
import { AppError } from 'model';
import { freshDatabase, type TestDatabase } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePage } from '../journal-page.js';
import { unpack } from '../packed.js';
import { aSync, marking, reversing } from '../test/rows.js';
import {
  CallJournal,
  dropJournals,
  ExecutionStore,
  JournalBudget,
  JournalReader,
  type Outcome,
  OutsideCalls,
  ReadJournal,
  type RunningExecution,
} from './index.js';

const done = (text: string): Outcome => ({ kind: 'done', value: Buffer.from(text) });
const refusal = new AppError('unknown_connection', { message: 'gone', payload: { a: 1 } });

describe('the journal of an execution', () => {
  let database: TestDatabase;
  let pool: Pool;
  let store: ExecutionStore;
  let outside: OutsideCalls;
  let reads: ReadJournal;
  let calls: CallJournal;
  let reader: JournalReader;

  beforeAll(async () => {
    database = await freshDatabase();
    pool = openPool(database.url);
    store = new ExecutionStore(pool, reversing);
    outside = new OutsideCalls(pool, marking);
    reads = new ReadJournal(pool, marking, new JournalBudget(pool));
    calls = new CallJournal(pool, marking, new JournalBudget(pool));
    reader = new JournalReader(pool, marking);
  });
  afterAll(async () => {
    await pool?.end();
    await database?.drop();
  });

  const begin = async (executionId: string, attempt: number): Promise<RunningExecution> => {
    const beginning = await store.begin(executionId, { activityId: 'a', attempt, scheduledAt: new Date(attempt * 1_000).toISOString() });
    if (beginning.kind !== 'run') throw new Error(beginning.kind);
    return beginning.execution;
  };
  const aRun = async (): Promise<RunningExecution> => {
    const { syncId } = await aSync(pool);
    const opening = await store.openSync({ syncId, workflowRunId: randomUUID(), emptyCache: async () => undefined });
    if (opening.kind !== 'opened') throw new Error(opening.reason);
    return begin(opening.executionId, 1);
  };
  const next = (execution: RunningExecution, attempt = 2) => begin(execution.executionId, attempt);
  const all = async (execution: RunningExecution) => {
    const items = [];
    for (let page = decodePage(await reader.page(execution, 0)); page.length > 0; page = decodePage(await reader.page(execution, page.at(-1)?.seq ?? 0)))
      items.push(...page);
    return Promise.all(
      items.map(async ({ call, state, outside: out, packed }) => ({ call, state, outside: out, text: Buffer.from(await unpack(packed)).toString() })),
    );
  };
  const lapse = (execution: RunningExecution) =>
    pool.query(`UPDATE journal_entry SET lease_until = now() - interval '1 second' WHERE execution_id = $1`, [execution.executionId]);
  const mine = async (execution: RunningExecution, call: string) => {
    const state = await outside.open(execution, call);
    if (state.kind !== 'mine') throw new Error(state.kind);
    return state.lease;
  };

  it('answers a read from the record, and keeps what was recorded first', async () => {
    const run = await aRun();
    expect(await reads.find(run, 'get:a:0')).toEqual({ kind: 'open', retriesUsed: 0 });
    expect(await reads.record(run, 'get:a:0', done('first'))).toEqual(done('first'));
    expect(await reads.record(run, 'get:a:0', done('second'))).toEqual(done('first'));
    expect(await reads.record(run, 'get:b:0', { kind: 'failed', error: refusal })).toMatchObject({ kind: 'failed' });
    expect(await reads.find(await next(run), 'get:b:0')).toMatchObject({
      outcome: { error: { code: 'unknown_connection', message: 'gone', payload: { a: 1 } } },
    });
  });

  it('takes no read of an attempt that was taken over', async () => {
    const run = await aRun();
    await next(run);
    await expect(reads.record(run, 'get:a:0', done('late'))).rejects.toMatchObject({ code: 'execution_fenced' });
  });

  it('keeps large results in parts, and hands everything out in the order of the calls', async () => {
    const run = await aRun();
    const large = randomBytes(2_600_000).toString('base64');
    await reads.record(run, 'get:a:0', done(large));
    const lease = await mine(run, 'post:b:0');
    await calls.once(run, { call: 'setMetadata:c:0' }, async () => ({ ok: true }));
    await outside.close(lease, done(large));
    const second = await next(run);
    await mine(second, 'post:d:0');
    expect(await all(second)).toEqual([
      { call: 'get:a:0', state: 'done', outside: false, text: large },
      { call: 'post:b:0', state: 'done', outside: true, text: large },
      { call: 'setMetadata:c:0', state: 'done', outside: false, text: '{"ok":true}' },
      { call: 'post:d:0', state: 'intent', outside: true, text: '' },
    ]);
    expect(await reads.find(second, 'get:a:0')).toEqual({ kind: 'recorded', outcome: done(large) });
  });

  it('lets one send a write; the others see that it is busy, then its result', async () => {
    const run = await aRun();
    const states = await Promise.all(Array.from({ length: 5 }, () => outside.open(run, 'post:a:0')));
    expect(states.map(({ kind }) => kind).toSorted()).toEqual(['busy', 'busy', 'busy', 'busy', 'mine']);
    const lease = states.flatMap((state) => (state.kind === 'mine' ? [state.lease] : []))[0]!; // there is one
    expect(await outside.open(await next(run), 'post:a:0')).toEqual({ kind: 'busy' });
    // Its caller and generation are gone.
    expect(await outside.close(lease, done('sent'))).toBe(true);
    expect(await outside.look(run, 'post:a:0')).toEqual({ kind: 'recorded', outcome: done('sent') });
  });

  it('lets one take over a write whose lease has lapsed, unless it is renewed', async () => {
    const run = await aRun();
    const lease = await mine(run, 'put:a:0');
    await lapse(run);
    await outside.renew(lease);
    expect(await outside.takeOver(lease)).toBeNull();
    await lapse(run);
    const state = await outside.look(run, 'put:a:0');
    if (state.kind !== 'lapsed') throw new Error(state.kind);
    const taken = await Promise.all([outside.takeOver(state.abandoned), outside.takeOver(state.abandoned)]);
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await outside.close(lease, done('too late'))).toBe(false);
    expect(
      await outside.close(
        taken.find((one) => one !== null)!,
        done('again'),
      ),
    ).toBe(true);
  });

  it('opens no write for an attempt that was taken over', async () => {
    const run = await aRun();
    await next(run);
    await expect(outside.open(run, 'post:a:0')).rejects.toMatchObject({ code: 'execution_fenced' });
  });

  it('keeps how many tries a parked call has used, for the next attempt', async () => {
    const run = await aRun();
    await reads.park(run, 'get:a:0', 2);
    await outside.release(await mine(run, 'post:b:0'), 3);
    const second = await next(run);
    expect(await reads.find(second, 'get:a:0')).toEqual({ kind: 'open', retriesUsed: 2 });
    expect(await outside.open(second, 'post:b:0')).toMatchObject({ kind: 'mine', lease: { retriesUsed: 3 } });
    expect(await outside.open(second, 'post:b:0')).toEqual({ kind: 'busy' });
    await reads.record(second, 'get:a:0', done('at last'));
    expect((await all(second)).map(({ call, state }) => [call, state])).toEqual([
      ['get:a:0', 'done'],
      ['post:b:0', 'intent'],
    ]);
  });

  it('does a platform call once, and refuses it once', async () => {
    const run = await aRun();
    let times = 0;
    const refuse = () => calls.once(run, { call: 'x:0' }, () => ((times += 1), Promise.reject(refusal)));
    await expect(refuse()).rejects.toMatchObject({ code: 'unknown_connection' });
    await expect(refuse()).rejects.toMatchObject({ code: 'unknown_connection', payload: { a: 1 } });
    expect(times).toBe(1);
    // A failure of the platform is nothing that a script was told.
    await expect(calls.once(run, { call: 'y:0' }, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await calls.once(run, { call: 'y:0' }, () => Promise.resolve(1))).toBe(1);
  });

  it('puts together the tape that came with calls of every kind', async () => {
    const run = await aRun();
    await reads.record(run, 'get:a:0', done(''), { from: 0, text: 'aaa' });
    await outside.open(run, 'post:b:0', { from: 0, text: 'aaabbb' });
    await calls.once(run, { call: 'c:0', tape: { from: 6, text: 'ccc' } }, async () => null);
    await reads.find(run, 'get:a:0', { from: 6, text: 'cccd' });
    const second = await next(run);
    expect(await reader.tape(second)).toBe('aaabbbcccd');
    await outside.open(second, 'post:b:0', { from: 10, text: 'e' });
    expect(await reader.tape(second)).toBe('aaabbbcccde');
  });

  it('that has become too large keeps writes alone, and starts over from the last checkpoint', async () => {
    const run = await aRun();
    const small = new ReadJournal(pool, marking, new JournalBudget(pool, 1_000));
    const post = async (call: string, text: string) => outside.close(await mine(run, call), done(text));
    await post('post:a:0', 'before');
    await calls.once(run, { call: 'saveCheckpoint:x:0' }, async () => null);
    await post('post:a:1', 'after');
    await small.record(run, 'get:a:0', done(randomBytes(2_000).toString('base64')), { from: 0, text: 'tape' });
    await small.record(run, 'get:b:0', done('too much'));
    const second = await next(run);
    expect(second).toMatchObject({ journalFull: false, journalBytes: 0 });
    expect(await all(second)).toEqual([{ call: 'post:a:0', state: 'done', outside: true, text: 'after' }]);
    expect(await reader.tape(second)).toBe('');
  });

  it('is dropped some time after the end', async () => {
    const [running, ended] = [await aRun(), await aRun()];
    for (const run of [running, ended]) await reads.record(run, 'get:a:0', done(randomBytes(1_500_000).toString('base64')));
    await pool.query(`UPDATE execution SET status = 'succeeded', finished_at = now() - interval '1 minute' WHERE id = $1`, [ended.executionId]);
    await dropJournals(pool, 3_600_000);
    expect(await all(ended)).toHaveLength(1);
    expect(await dropJournals(pool, 30_000)).toBe(1);
    expect([(await all(ended)).length, (await all(running)).length]).toEqual([0, 1]);
    const { rows } = await pool.query('SELECT count(*) AS n FROM journal_chunk WHERE execution_id = $1', [ended.executionId]);
    expect(rows).toEqual([{ n: 0 }]);
  });
});
