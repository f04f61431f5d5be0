import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataBytes, type JailSize } from '../node-arguments.js';
import { readOrEmpty } from '../read-or-empty.js';

type Settings = Record<string, string | number>;

/**
 * What a jail is bounded by, by the kernel's controller (cgroup v2): two processors at once, where the runner's watch sees a minute's
 * average only; memory as `RLIMIT_DATA`, but of all kinds, and no swap; threads, with those of the programs that the wall is made of.
 */
const settingsOf: Record<string, (size: JailSize) => Settings> = {
  cpu: () => ({ 'cpu.max': '200000 100000' }),
  memory: (size) => ({ 'memory.max': dataBytes(size), 'memory.swap.max': 0 }),
  pids: () => ({ 'pids.max': 64 }),
};
/** The last process of a group is gone a little after its parent has heard of it. */
const removal = { tries: 20, everyMs: 100 };

/** The group of one jail. */
export type JailCgroup = {
  /** The command that enters the group before it becomes the given one. */
  entering(command: string[]): string[];
  /** Ends what is left in it, and removes it. */
  close(): void;
};

const mount = mountPoint();
let claimed: DelegatedCgroup | string | undefined;

/** Our own group, if it was given to us to divide; else why not. Found once: with it this process moves into a part of it. */
export function delegatedCgroup(): DelegatedCgroup | string {
  claimed ??= claim(cgroupOf('self'));
  return claimed;
}

/** A group that holds jails in groups of their own, and beside them this process, for a group with members cannot be divided. */
export class DelegatedCgroup {
  /** Process ids come again, in containers with every start. */
  readonly #own = randomUUID();
  #made = 0;

  /** @param controllers of the kernel, those that bound its parts */
  constructor(
    private readonly folder: string,
    readonly controllers: readonly string[],
  ) {}

  open(size: JailSize): JailCgroup {
    const folder = join(this.folder, `jail-${this.#own}-${++this.#made}`);
    mkdirSync(folder);
    const settings = Object.entries(Object.assign({}, ...this.controllers.map((name) => settingsOf[name]?.(size))) as Settings);
    // A kernel without accounts of swap has no file for it.
    for (const [file, value] of settings) if (existsSync(join(folder, file))) write(folder, file, value);
    return {
      entering: (command) => ['/bin/sh', '-c', 'echo $$ > "$0/cgroup.procs" && unset PWD OLDPWD && exec "$@"', folder, ...command],
      close: () => remove(folder, removal.tries),
    };
  }
}

/** The folder of a process's group; null where there are none, or no such process any more. */
export function cgroupOf(pid: number | 'self'): string | null {
  const path = /^0::(.*)$/m.exec(readOrEmpty(`/proc/${pid}/cgroup`))?.[1];
  return path === undefined || mount === null ? null : join(mount, path);
}

function claim(folder: string | null): DelegatedCgroup | string {
  if (folder === null) return 'this system has no cgroup v2';
  const controllers = readOrEmpty(join(folder, 'cgroup.controllers'))
    .split(' ')
    .filter((name) => name in settingsOf);
  if (controllers.length === 0) return `the cgroup of this process has no controller of ${Object.keys(settingsOf).join(', ')}`;
  // The machine's own root is nobody's to divide; it alone has no events.
  if (!isWritable(folder) || readOrEmpty(join(folder, 'cgroup.events')) === '') return 'the cgroup of this process was not delegated';
  if (
    readOrEmpty(join(folder, 'cgroup.procs'))
      .split('\n')
      .some((pid) => Number(pid) !== process.pid)
  )
    return 'the cgroup of this process holds others';
  const own = join(folder, 'runner');
  try {
    mkdirSync(own, { recursive: true });
    write(own, 'cgroup.procs', process.pid);
    write(folder, 'cgroup.subtree_control', controllers.map((name) => `+${name}`).join(' '));
  } catch (error) {
    return `the cgroup of this process cannot be divided: ${error instanceof Error ? error.message : 'unknown problem'}`;
  }
  // Of a runner before this one.
  for (const name of readdirSync(folder)) if (name.startsWith('jail-')) remove(join(folder, name), removal.tries);
  return new DelegatedCgroup(folder, controllers);
}

function remove(folder: string, tries: number): void {
  tryTo(() => write(folder, 'cgroup.kill', 1));
  const removed = tryTo(() => rmdirSync(folder));
  if (!removed && tries > 1) setTimeout(() => remove(folder, tries - 1), removal.everyMs).unref();
}

function mountPoint(): string | null {
  const line = readOrEmpty('/proc/self/mounts')
    .split('\n')
    .find((each) => each.split(' ')[2] === 'cgroup2');
  return line?.split(' ')[1] ?? null;
}

function isWritable(folder: string): boolean {
  return [folder, join(folder, 'cgroup.procs'), join(folder, 'cgroup.subtree_control')].every((path) => tryTo(() => accessSync(path, constants.W_OK)));
}

function write(folder: string, file: string, value: string | number): void {
  writeFileSync(join(folder, file), String(value));
}

function tryTo(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
