import { innermostOf } from './process-tree.js';

/** What may be paused. Harmless twice, and when it is gone. */
export interface Pausable {
  /** Of its process, or of the one around it; undefined when it could not be started. */
  readonly pid: number | undefined;
  /** For how long it has been paused so far. */
  readonly pausedMs: number;
  pause(): void;
  resume(): void;
}

/** Pauses a process, the innermost of those below the given one, and counts for how long. Only on systems with signals. */
export class Pauses {
  #before = 0;
  #since: number | null = null;

  get ms(): number {
    return this.#before + (this.#since === null ? 0 : performance.now() - this.#since);
  }

  pause(pid: number): void {
    if (this.#since !== null) return;
    this.#since = performance.now();
    signal(pid, 'SIGSTOP');
  }

  resume(pid: number): void {
    if (this.#since === null) return;
    this.#before = this.ms;
    this.#since = null;
    signal(pid, 'SIGCONT');
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(innermostOf(pid), name);
  } catch {
    // Gone meanwhile.
  }
}
