import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, vi } from 'vitest';
import type { Jail, RunnerDriver } from '../driver.js';
import { FairShares, nicenessOf } from '../fair-shares.js';
import { defaultSize } from '../node-arguments.js';
import { probeDrivers } from '../probe-drivers.js';
import { readOrEmpty } from '../read-or-empty.js';
import { innermostOf } from '../process-tree.js';

const { available } = await probeDrivers();
const started: Jail[] = [];
afterAll(() => started.forEach((jail) => jail.kill()));

async function start(driver: RunnerDriver): Promise<Jail> {
  const jail = driver.start(defaultSize);
  started.push(jail);
  await jail.ready;
  return jail;
}

/** The process that the script runs in, whatever stands around it. */
function innermost({ pid }: Jail): number {
  return innermostOf(pid ?? 0);
}

it.each(available)('a script behind the wall of $details gets its fair share of the processor', async (driver) => {
  const jails = [await start(driver), await start(driver)];
  const shares = new FairShares({ mayPause: true });
  for (const jail of jails) shares.enter(1, { jail, isBackground: false });
  await vi.waitFor(() => expect(jails.map((jail) => getPriority(innermost(jail)) - getPriority())).toEqual([nicenessOf(2), nicenessOf(2)]));
});

// util-linux 2.38 stumbles over the death of what it has started, and does not tell the signal.
it.each(available.filter(({ details }) => !details.startsWith('unshare')))(
  'a jail behind the wall of $details that somebody else has killed says so',
  async (driver) => {
    const jail = await start(driver);
    process.kill(innermost(jail), 'SIGKILL');
    expect(await jail.exited).toMatchObject({ signal: 'SIGKILL' });
  },
);

const builds = (file: string): string => JSON.stringify(fileURLToPath(new URL(`../../dist/${file}`, import.meta.url)));

it.each(available)('a jail behind the wall of $details ends with its runner, also while it is paused', async ({ details }) => {
  const program = `
    import { probeDrivers } from ${builds('probe-drivers.js')};
    import { defaultSize } from ${builds('node-arguments.js')};
    const { available } = await probeDrivers();
    const jail = available.find(({ details }) => details === process.argv[1]).start(defaultSize);
    await jail.ready;
    process.stdout.write(String(jail.pid));
    setInterval(() => undefined, 1_000);`;
  const runner = spawn(process.execPath, ['--input-type=module', '-e', program, details], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [pid] = (await once(runner.stdout, 'data')) as [Buffer];
  const jail = innermostOf(Number(pid));
  process.kill(jail, 'SIGSTOP');
  runner.kill('SIGKILL');
  // Whoever inherits it may not have buried it yet.
  await vi.waitFor(() => expect(['', 'Z']).toContain(/^State:\s+(\S)/m.exec(readOrEmpty(`/proc/${jail}/status`))?.[1] ?? ''), { timeout: 5_000 });
});
