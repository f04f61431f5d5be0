import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Jail } from '../driver.js';
import { Pauses } from '../pauses.js';

/** Of a jail only its process matters here, and what was asked of it. */
export type ProcessJail = Jail & { readonly pid: number; readonly isPaused: boolean };

const computing = 'for (;;);';
const waiting = 'setInterval(() => undefined, 100);';

/** Processes that stand for jails. */
export class ProcessJails {
  readonly #children: ChildProcess[] = [];

  /** That do nothing but compute, or hardly do anything. */
  async start(count: number, does: 'compute' | 'wait'): Promise<ProcessJail[]> {
    const program = `process.stdout.write('.'); ${does === 'compute' ? computing : waiting}`;
    const made = Array.from({ length: count }, () => spawn(process.execPath, ['-e', program]));
    this.#children.push(...made);
    await Promise.all(made.map(({ stdout }) => once(stdout, 'data')));
    return made.map(({ pid }) => jailOf(pid ?? 0));
  }

  kill(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }
}

/** Also of one that is not there. */
export function jailOf(pid: number): ProcessJail {
  const pauses = new Pauses();
  let isPaused = false;
  const jail: Pick<ProcessJail, 'pid' | 'pausedMs' | 'pause' | 'resume' | 'isPaused'> = {
    pid,
    get pausedMs() {
      return pauses.ms;
    },
    get isPaused() {
      return isPaused;
    },
    pause: () => {
      isPaused = true;
      pauses.pause(pid);
    },
    resume: () => {
      isPaused = false;
      pauses.resume(pid);
    },
  };
  return jail as ProcessJail;
}
