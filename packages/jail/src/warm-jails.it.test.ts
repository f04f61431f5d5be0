import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import type { ScriptContext } from 'model';
import type { Jail, RunnerDriver } from './driver.js';
import { createJailPool } from './jail-pool.js';
import { runInJail } from './jail-run.js';
import type { JailPool, RunOutcome } from './job.js';
import { defaultSize, type JailSize } from './node-arguments.js';
import { processDriver } from './process-driver.js';
import { aBroker, aJob } from './test/a-job.js';

const counting = `globalThis.count = (globalThis.count ?? 0) + 1; Object.prototype.left = (({}).left ?? 0) + 1; exports.default = () => [globalThis.count, ({}).left];`;
/** An external API that does not answer. */
const never = () => new Promise<never>(() => undefined);
const other = { nangoConnectionId: 4711 };

describe('a warm jail', () => {
  let pool: JailPool;
  let starts: MockInstance<(size: JailSize) => Jail>;

  beforeEach(() => {
    starts = vi.spyOn(processDriver, 'start');
    pool = createJailPool({ size: 0 });
  });
  afterEach(async () => {
    await pool.close();
    starts.mockRestore();
  });

  /** Runs, and gives the jail the moment it needs to be renewed. */
  const run = async (code: string, context = {}): Promise<RunOutcome> => {
    const outcome = await pool.run(aJob(code, { broker: aBroker(never).broker, context: { kind: 'action', ...context } }));
    await wait(150);
    return outcome;
  };

  it('serves the next run of the same script and connection, which sees nothing of the one before', async () => {
    for (let n = 0; n < 3; n++) expect(await run(counting)).toEqual({ kind: 'succeeded', output: [1, 1] });
    expect(starts).toHaveBeenCalledTimes(1);
  });

  it('serves no other connection, no other version of the script, and no sync', async () => {
    await run(counting);
    await run(counting, other);
    await run(`${counting} // changed`);
    await run(counting, { kind: 'sync' });
    await run(counting, { kind: 'sync' });
    expect(starts).toHaveBeenCalledTimes(5);
  });

  it.each([
    ['failed', `exports.default = () => { throw new Error('no') }`],
    ['left a timer behind', `exports.default = () => { setTimeout(() => {}, 60_000); return 1 }`],
    ['left a call open', `exports.default = (nango) => { nango.get({ endpoint: '/never' }); return 1 }`],
  ])('is not used again after a run that %s', async (_, code) => {
    await run(code);
    await run(code);
    expect(starts).toHaveBeenCalledTimes(2);
  });

  it('is not used again when its memory has grown', async () => {
    const code = `exports.default = (nango, size) => new Array(size).fill(1.5).length`;
    for (const input of [1, 20_000_000, 1]) {
      await pool.run(aJob(code, { input, context: { kind: 'action' } }));
      await wait(150);
    }
    expect(starts).toHaveBeenCalledTimes(2);
  });

  it('is never used again where the environment says so', async () => {
    for (let n = 0; n < 2; n++) await pool.run({ ...aJob(counting), warmFor: null });
    expect(starts).toHaveBeenCalledTimes(2);
  });

  it('refuses import() in every run with an error that the run itself knows', async () => {
    const code = `exports.default = async () => import('node:fs').catch((error) => [error instanceof TypeError, error.message])`;
    const refused = { kind: 'succeeded', output: [true, 'import() is not available in scripts; use an import at the top'] };
    for (let n = 0; n < 2; n++) expect(await run(code)).toEqual(refused);
    expect(starts).toHaveBeenCalledTimes(1);
  });

  it('is used by one run at a time', async () => {
    const slow = `exports.default = () => new Promise((done) => setTimeout(() => done(1), 200))`;
    await Promise.all([run(slow), run(slow)]);
    expect(starts).toHaveBeenCalledTimes(2);
    await Promise.all([run(slow), run(slow)]);
    expect(starts).toHaveBeenCalledTimes(2);
  });
});

it.runIf(process.platform === 'linux')(
  'a jail does not grow by being renewed',
  async () => {
    const jail = processDriver.start(defaultSize);
    const job = aJob(`const { z } = require('zod'); exports.default = async () => z.string().parse('x')`, { context: { kind: 'action' } });
    const rssAfter = async (runs: number): Promise<number> => {
      for (let n = 0; n < runs; n++) {
        expect(await runInJail(jail, job, { dryRun: false, spare: true })).toEqual({ kind: 'succeeded', output: 'x' });
        await jail.renew();
      }
      return jail.usage()?.rssBytes ?? 0;
    };
    await jail.ready;
    const first = await rssAfter(20);
    expect((await rssAfter(100)) - first).toBeLessThan(40 * 1024 * 1024);
    jail.kill();
    await jail.exited;
  },
  30_000,
);

it('no process ever sees two connections, however many run at once', async () => {
  const seen: Set<unknown>[] = [];
  const driver: RunnerDriver = {
    ...processDriver,
    start: (size) => {
      const jail = processDriver.start(size);
      const connections = new Set<unknown>();
      seen.push(connections);
      const send = jail.send.bind(jail);
      jail.send = (message, body) => {
        if (message.t === 'run') connections.add((message.job.context as ScriptContext).nangoConnectionId);
        send(message, body);
      };
      return jail;
    },
  };
  const pool = createJailPool({ size: 2, driver });
  try {
    for (let round = 0; round < 4; round++) {
      const runs = [1, 2, 3, 1, 2, 3].map((nangoConnectionId) => pool.run(aJob('exports.default = () => 1', { context: { nangoConnectionId } })));
      for (const outcome of await Promise.all(runs)) expect(outcome).toEqual({ kind: 'succeeded', output: 1 });
      await wait(100);
    }
  } finally {
    await pool.close();
  }
  expect(seen.filter((connections) => connections.size > 1)).toEqual([]);
  expect(seen.filter((connections) => connections.size === 1).length).toBeLessThan(24);
});
