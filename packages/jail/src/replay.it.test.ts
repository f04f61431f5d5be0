import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RunOutcome } from './job.js';
import { aBroker, aJob, type Heard } from './test/a-job.js';
import { ownPool, pool, type Respond } from './test/run-script.js';

ownPool();

type Run = { outcome: RunOutcome; heard: Heard };

/** Runs the body of an action, from its beginning or from a tape. */
async function run(body: string, { tape, respond, signal }: { tape?: string; respond?: Respond; signal?: AbortSignal } = {}): Promise<Run> {
  const { broker, heard } = aBroker(respond);
  const code = `exports.default = async (nango) => { const sleep = (ms) => new Promise((done) => setTimeout(done, ms)); ${body} }`;
  const outcome = await pool.run(aJob(code, { broker, ...(tape ? { tape } : {}), ...(signal ? { signal } : {}) }));
  return { outcome, heard };
}

/** Runs it twice: the second time from the tape of the first. */
async function twice(body: string, respond?: Respond): Promise<[Run, Run]> {
  const options = respond ? { respond } : {};
  const first = await run(body, options);
  expect(first.outcome).toMatchObject({ kind: 'succeeded' });
  return [first, await run(body, { ...options, tape: first.heard.tape })];
}

describe('a resumed run', () => {
  it.each([
    ['Date.now()', 'Date.now()'],
    ['new Date()', 'new Date()'],
    ['Date()', '[Date(), typeof Date()]'],
    ['a class of dates', 'new (class extends Date {})()'],
    ['the clock behind a date', 'new (new Date(0).constructor)()'],
    ['performance', '[performance.timeOrigin, performance.now(), performance.now()]'],
    ['Math.random()', '[Math.random(), Math.random()]'],
    ['crypto.randomUUID()', 'crypto.randomUUID()'],
    ['crypto.getRandomValues()', '[...crypto.getRandomValues(new Uint32Array(4))]'],
    ['node:crypto', "[require('crypto').randomBytes(8).toString('hex'), require('crypto').randomInt(1e9), require('crypto').randomUUID()]"],
    [
      'keys that are made',
      "(() => { const { generateKeyPairSync, publicEncrypt } = require('crypto'); const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 }); return [publicKey.export({ format: 'pem', type: 'spki' }), publicEncrypt(publicKey, Buffer.from('a')).toString('hex'), require('crypto').randomFillSync(Buffer.alloc(4)).toString('hex')]; })()",
    ],
    [
      'keys that are made for a callback',
      "await new Promise((done) => require('crypto').generateKeyPair('ed25519', {}, (error, key) => done(key.export({ format: 'jwk' }).x)))",
    ],
    [
      'signals that end by time',
      'await new Promise((done) => { const signal = AbortSignal.timeout(5); signal.onabort = () => done([signal.reason.name, Date.now()]) })',
    ],
    [
      'a timer that is refreshed',
      'await new Promise((done) => { const timer = setTimeout(() => done(Date.now()), 20); setTimeout(() => timer.refresh(), 5) })',
    ],
    ['Temporal.Now', "[...['instant', 'zonedDateTimeISO', 'plainDateTimeISO', 'plainTimeISO', 'plainDateISO'].map((name) => Temporal.Now[name]().toString())]"],
    [
      'the format of no date',
      "(() => { const format = new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3, second: 'numeric' }); return [format.format(), format.formatToParts()]; })()",
    ],
    ['a boundary of form data', "(await nango.post({ endpoint: '/', headers: { 'content-type': 'multipart/form-data' }, data: { a: 1 } })).data"],
  ])('reads the same from %s', async (_, expression) => {
    const [first, second] = await twice(`return ${expression}`);
    await wait(2);
    expect(second.outcome).toEqual(first.outcome);
    expect(second.heard).toMatchObject({ calls: first.heard.calls, divergences: [], tape: '' });
  });

  it('signs the same, also with keys that never sign alike', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    const sign = `require('crypto').createSign('SHA256').update('a').sign(${JSON.stringify(key)}, 'hex')`;
    const [first, second] = await twice(`return [${sign}, ${sign}]`);
    expect(new Set((first.outcome as { output: string[] }).output).size).toBe(2);
    expect(second.outcome).toEqual(first.outcome);
  });

  it('sees answers and timers in the order of before, and does not wait for timers', async () => {
    const body = `const seen = []; const see = (what) => () => seen.push(what);
      await Promise.all([nango.get({ endpoint: '/30' }).then(see('a')), nango.get({ endpoint: '/0' }).then(see('b')), sleep(1500).then(see('c')), sleep(15).then(see('d'))]);
      return [seen, await Promise.race([nango.get({ endpoint: '/60' }).then(() => 'call'), sleep(20).then(() => 'timer')])]`;
    const slowThen =
      (fast: string): Respond =>
      async ({ endpoint }) =>
        wait(endpoint === fast ? 0 : 60, {});
    const first = await run(body, { respond: slowThen('/0') });
    const started = performance.now();
    const second = await run(body, { tape: first.heard.tape, respond: slowThen('/30') });
    expect(first.outcome).toMatchObject({ kind: 'succeeded', output: [{ length: 4, 3: 'c' }, expect.anything()] });
    expect(second.outcome).toEqual(first.outcome);
    expect(second.heard.divergences).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1_200);
  });

  it('goes on live where its tape ends: with waiting answers, timers and a clock that goes', async () => {
    const body = `const before = Date.now(); const all = Promise.all([nango.get({ endpoint: '/a' }), nango.get({ endpoint: '/b' }), sleep(50)]); await all; return [before, Date.now()]`;
    const { heard } = await run(body, { respond: () => new Promise(() => undefined), signal: AbortSignal.timeout(300) });
    await wait(5);
    const { outcome, heard: second } = await run(body, { tape: heard.tape });
    expect(outcome).toMatchObject({ kind: 'succeeded' });
    const [before, after] = (outcome as { output: [number, number] }).output;
    expect(after - before).toBeGreaterThan(50);
    expect(second).toMatchObject({ divergences: [] });
    const { outcome: third } = await run(body, { tape: heard.tape + second.tape });
    expect(third).toEqual(outcome);
  });

  it.each([
    ['reads something else', 'Math.random()', /Entry 1 of the tape is a reading of the clock, but the script asks for a random number/],
    ['makes no call any more', 'Date.now(); await sleep(1)', /Entry 2 of the tape is the answer of call 1, but the script came to rest without it/],
    [
      'has no such timer',
      "Date.now(); await nango.get({ endpoint: '/' }); await nango.get({ endpoint: '/' })",
      /Entry 3 of the tape is timer 1, but the script came/,
    ],
  ])('says once that it %s, and goes on live', async (_, body, detail) => {
    const { heard } = await run(`Date.now(); await nango.get({ endpoint: '/' }); await sleep(1); return Math.random()`);
    const other = await run(`${body}; return Date.now()`, { tape: heard.tape });
    expect(other.outcome).toMatchObject({ kind: 'succeeded' });
    expect(other.heard.divergences).toEqual([expect.stringMatching(detail)]);
    const again = await run(`${body}; return Date.now()`, { tape: heard.tape + other.heard.tape });
    expect(again.outcome).toEqual(other.outcome);
    expect(again.heard.divergences).toEqual([]);
  });

  it('can be aborted while it replays', async () => {
    const ending = new AbortController();
    const body = `await nango.get({ endpoint: '/a' }); await nango.get({ endpoint: '/b' }); return 1`;
    const { heard } = await run(body);
    const respond: Respond = () => {
      ending.abort();
      return wait(200, {});
    };
    expect((await run(body, { tape: heard.tape, respond, signal: ending.signal })).outcome).toEqual({ kind: 'cancelled' });
  });

  it('says again what it has logged, marked as such', async () => {
    const [first, second] = await twice(`nango.log('a'); await nango.get({ endpoint: '/' }); return 1`);
    expect([first.heard.logs[0]?.replayed, second.heard.logs[0]?.replayed]).toEqual([undefined, true]);
  });
});

describe('the tape', () => {
  it('is out of the reach of scripts that bend everything they can', async () => {
    const bent = `for (const name of ['push', 'shift', 'join', 'slice']) Array.prototype[name] = () => { throw new Error(name) };
      Date.prototype.getTime = () => 7; Date.now.call = null; Number.prototype.toString = () => 'x'; Map.prototype.get = () => 1;
      Uint8Array.prototype.setFromHex = () => null; globalThis.Uint8Array = function () {}; Reflect.apply = Reflect.construct = () => 8;`;
    const [first, second] = await twice(`const read = [Date.now(), +new Date(), Math.random(), crypto.randomUUID(), performance.now()]; ${bent}
      return [...read, Date.now(), Math.random(), Number(new Date()), performance.now()]`);
    expect(second.outcome).toEqual(first.outcome);
    expect(second.heard.divergences).toEqual([]);
  });

  it('takes nothing that a script slips into a message', async () => {
    const { heard, outcome } = await run(
      `Object.prototype.toJSON = function () { return this && this.t === 'call' ? { ...this, tape: 'ZZZ' } : this }; Date.now(); await nango.getEnvironmentVariables(); return 1`,
    );
    expect(outcome).toMatchObject({ kind: 'succeeded' });
    expect(heard.tape).not.toContain('Z');
  });

  it('says when it is full, once, and the run goes on', async () => {
    const { broker } = aBroker();
    const ends: unknown[] = [];
    let length = 0;
    const tape = (text: string, end?: 'full'): void => {
      length += text.length;
      if (end) ends.push(end);
    };
    const code = `exports.default = async (nango) => { for (let n = 0; n < 5; n++) { require('crypto').randomBytes(5_000_000); await nango.get({ endpoint: '/' }); } return 1 }`;
    expect(await pool.run(aJob(code, { broker: { ...broker, tape } }))).toEqual({ kind: 'succeeded', output: 1 });
    expect(ends).toEqual(['full']);
    expect(length).toBeLessThanOrEqual(32 * 1024 * 1024);
  });

  it('is new for each run of a warm jail', async () => {
    const [first, second] = [await run('return Date.now()'), await run('return Date.now()')];
    expect(first.heard.tape).toMatch(/^C[0-9a-z]{8}$/);
    expect(second.heard.tape).toMatch(/^C[0-9a-z]{8}$/);
  });
});

describe('what is not on the tape', () => {
  it('is the same for every run: place and time zone, and no look at the garbage collector', async () => {
    const { outcome } = await run(`
      let told = 0; const registry = new FinalizationRegistry(() => told++); const weak = new WeakRef({ a: 1 });
      for (let n = 0; n < 200; n++) registry.register(new Array(100_000).fill(n));
      await sleep(20);
      const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
      return [timeZone, locale, new Date(0).getTimezoneOffset(), Temporal.Now.timeZoneId(), typeof weak.deref(), told, typeof Atomics.waitAsync, WeakRef.name]`);
    expect(outcome).toEqual({ kind: 'succeeded', output: ['UTC', 'en-US', 0, 'UTC', 'object', 0, 'undefined', 'WeakRef'] });
  });
});
