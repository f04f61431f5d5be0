import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { delegatedCgroup } from './cgroup.js';

const given = giveCgroup();
if (typeof given === 'string') process.stderr.write(`Jails in control groups are not tried here: ${given}\n`);

/** A runner of its own, the only one in the group it was given: starts two jails for one environment, and tells what became of them. */
const runner = (dist: URL) => `
  import { readdirSync, readFileSync, existsSync } from 'node:fs';
  import { join } from 'node:path';
  import { setTimeout as wait } from 'node:timers/promises';
  const [{ probeDrivers }, { FairShares }, { defaultSize }] = await Promise.all(['probe-drivers', 'fair-shares', 'node-arguments'].map((name) => import('${dist}' + name + '.js')));
  const folder = process.argv[1];
  const read = (group, file) => existsSync(join(folder, group, file)) ? readFileSync(join(folder, group, file), 'utf8').trim() : null;
  const groups = () => readdirSync(folder).filter((name) => name.startsWith('jail-'));
  const { available: [driver] } = await probeDrivers();
  while (groups().length > 0) await wait(20);
  const jails = [driver.start(defaultSize), driver.start(defaultSize)];
  await Promise.all(jails.map((jail) => jail.ready));
  const shares = new FairShares({ mayPause: true });
  for (const jail of jails) shares.enter(1, { jail, isBackground: false });
  await wait(300);
  const told = groups().map((group) => Object.fromEntries(['pids.max', 'cpu.max', 'memory.max', 'cpu.weight.nice'].map((file) => [file, read(group, file)])));
  const members = groups().map((group) => read(group, 'cgroup.procs').split('\\n').length);
  for (const jail of jails) jail.kill();
  for (let tries = 0; groups().length > 0 && tries < 100; tries++) await wait(50);
  process.stdout.write(JSON.stringify({ details: driver.details, told, members, left: groups() }));`;

/** A group of this test's own with a controller to bound jails by; else why there is none. */
function giveCgroup(): { folder: string; controllers: string[] } | string {
  if (process.platform !== 'linux') return `control groups are Linux's; this is ${process.platform}`;
  const mount = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, , type]) => type === 'cgroup2')?.[1];
  if (mount === undefined) return 'there is no cgroup v2';
  const folder = join(mount, `nango-test-${process.pid}`);
  try {
    mkdirSync(folder);
  } catch (error) {
    return `no group can be made: ${error instanceof Error ? error.message : 'unknown problem'}`;
  }
  const offered = readFileSync(join(folder, 'cgroup.controllers'), 'utf8').trim().split(' ');
  const controllers = ['cpu', 'memory', 'pids'].filter((name) => offered.includes(name));
  if (controllers.length > 0) return { folder, controllers };
  rmdirSync(folder);
  return 'cgroup v2 has no controller of cpu, memory and pids';
}

it('is not taken from others that are in the same control group', () => {
  expect(delegatedCgroup()).toMatch(/cgroup/);
});

describe.runIf(typeof given !== 'string')('a runner that was given a control group', () => {
  const { folder, controllers } = typeof given === 'string' ? { folder: '', controllers: [] } : given;
  afterAll(() => ['runner', ''].forEach((name) => rmdirSync(join(folder, name))));

  it('bounds each jail by a group of its own, weighs it, and leaves nothing behind', async () => {
    const program = runner(new URL('../../dist/', import.meta.url));
    const enter = ['-c', 'echo $$ > "$0/cgroup.procs" && exec "$@"', folder, process.execPath, '--input-type=module', '-e', program, folder];
    const { stdout } = await promisify(execFile)('/bin/sh', enter);
    const { details, told, members, left } = JSON.parse(stdout);
    expect(details).toContain(`cgroup (${controllers.join(', ')})`);
    const bound = (name: string, value: string) => (controllers.includes(name) ? value : null);
    const expected = {
      'pids.max': bound('pids', '64'),
      'cpu.max': bound('cpu', '200000 100000'),
      'memory.max': bound('memory', String((640 + 768) * 1024 * 1024)),
      'cpu.weight.nice': bound('cpu', '3'),
    };
    expect(told).toEqual([expected, expected]);
    expect(members.every((count: number) => count > 0)).toBe(true);
    expect(left).toEqual([]);
  });
});
