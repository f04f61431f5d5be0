import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { cgroupOf } from './kernel/cgroup.js';
import { processTree, threadsOf } from './process-tree.js';
import { readOrEmpty } from './read-or-empty.js';

/** Linux lets unprivileged users change the niceness of one session in a tenth of a second, all of them together. */
const retryMs = 110;

/**
 * How nice processes are, with all that they have started: a driver may wrap its jail. On Linux niceness belongs to a thread, elsewhere
 * to a process. Where the kernel shares the processor out among sessions first (`sched_autogroup`, sched(7)), threads are nice to those
 * of their own session only, and a jail in a session of its own would weigh as much as any other; so its session is made nice, too. So is its control group.
 */
export class Niceness {
  /** Sessions that the kernel has not taken yet, each with a process in it. */
  readonly #waiting = new Map<string, { pid: number; niceness: number }>();
  #retry: NodeJS.Timeout | undefined;

  /** Soon, and as far as the system allows: where no process may be made less nice again, it stays nice. */
  set(pid: number, niceness: number): void {
    const [ours, ourGroup] = [sessionOf('self'), cgroupOf('self')];
    for (const process of processTree(pid)) {
      for (const thread of threadsOf(process)) setThread(thread, niceness);
      const session = sessionOf(process);
      const group = cgroupOf(process);
      if (group !== null && group !== ourGroup) setGroup(group, niceness);
      if (session !== null && session !== ours) this.#waiting.set(session, { pid: process, niceness });
    }
    if (!this.#retry) this.#setSessions();
  }

  #setSessions(): void {
    this.#retry = undefined;
    for (const [session, { pid, niceness }] of this.#waiting) {
      if (sessionOf(pid) === session && isTooEarly(pid, niceness)) {
        this.#retry = setTimeout(() => this.#setSessions(), retryMs).unref();
        return;
      }
      this.#waiting.delete(session);
    }
  }
}

function setThread(id: number, niceness: number): void {
  try {
    setPriority(id, niceness);
  } catch {
    // Gone meanwhile, or not ours to make less nice.
  }
}

/** Its weight beside other groups; where that is not ours to say, there is no such file, or none that we may write. */
function setGroup(folder: string, niceness: number): void {
  try {
    writeFileSync(join(folder, 'cpu.weight.nice'), String(niceness), { flag: 'r+' });
  } catch {
    // As above.
  }
}

/** Asks for it, and tells whether to ask again later; what is refused otherwise is not ours to change. */
function isTooEarly(pid: number, niceness: number): boolean {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
  }
}

/** Null where sessions do not matter, and of a process that is gone. */
function sessionOf(pid: number | 'self'): string | null {
  return /^\/autogroup-\d+/.exec(readOrEmpty(`/proc/${pid}/autogroup`))?.[0] ?? null;
}
