import type { Jail, RunnerDriver } from './driver.js';
import { FairShares } from './fair-shares.js';
import { runInJail } from './jail-run.js';
import type { JailJob, JailPool, RunOutcome } from './job.js';
import { processDriver } from './process-driver.js';
import { WarmJails, warmKey } from './warm-jails.js';

/** `size` is how many unused processes wait (default 2); `dryRun` is what scripts read as `nango.dryRun`. */
export type JailPoolOptions = { size?: number; dryRun?: boolean };

/** Heap of the jails that wait; a job that asks for another size gets a jail of its own. */
const waitingHeapMb = 512;
/** A replacement starts shortly after its predecessor's run, when the answer is on its way and the processor free; at the latest after this. */
const refillMs = { afterRun: 20, atLatest: 250 };

/** @example const pool = createJailPool({ size: 2 }); const outcome = await pool.run(job); await pool.close(); */
export function createJailPool({ size = 2, dryRun = false }: JailPoolOptions = {}): JailPool {
  return new ProcessJailPool(processDriver, size, dryRun);
}

class ProcessJailPool implements JailPool {
  readonly #driver: RunnerDriver;
  readonly #size: number;
  readonly #dryRun: boolean;
  readonly #waiting: Jail[] = [];
  readonly #warm = new WarmJails();
  readonly #shares = new FairShares();
  readonly #alive = new Set<Jail>();
  #closed = false;

  constructor(driver: RunnerDriver, size: number, dryRun: boolean) {
    this.#driver = driver;
    this.#size = size;
    this.#dryRun = dryRun;
    this.#refill();
  }

  async run(job: JailJob): Promise<RunOutcome> {
    if (this.#closed) throw new Error('The jail pool is closed');
    const refill = setTimeout(() => this.#refill(), refillMs.atLatest);
    try {
      const key = warmKey(job);
      const jail = (key && this.#warm.take(key)) || (await this.#fresh(job.limits.heapMb));
      const leave = this.#shares.enter(job.context.environmentId, jail);
      const outcome = await runInJail(jail, job, { dryRun: this.#dryRun, spare: key !== null });
      leave();
      if (key !== null && outcome.kind === 'succeeded' && !this.#closed) this.#warm.keep(key, jail);
      return outcome;
    } finally {
      clearTimeout(refill);
      setTimeout(() => this.#refill(), refillMs.afterRun);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const jail of this.#alive) jail.kill();
    await Promise.all([...this.#alive].map((jail) => jail.exited));
  }

  async #fresh(heapMb: number): Promise<Jail> {
    const jail = this.#take(heapMb);
    await jail.ready;
    return jail;
  }

  #take(heapMb: number): Jail {
    const index = this.#waiting.findIndex((jail) => jail.heapMb === heapMb);
    return index === -1 ? this.#start(heapMb) : (this.#waiting.splice(index, 1)[0] ?? this.#start(heapMb));
  }

  #refill(): void {
    while (!this.#closed && this.#waiting.length < this.#size) this.#waiting.push(this.#start(waitingHeapMb));
  }

  #start(heapMb: number): Jail {
    const jail = this.#driver.start({ heapMb });
    this.#alive.add(jail);
    void jail.exited.then(() => this.#forget(jail));
    return jail;
  }

  /** One that died while it waited is replaced with the next run, so that a jail that cannot start is not tried in a loop. */
  #forget(jail: Jail): void {
    this.#alive.delete(jail);
    this.#warm.forget(jail);
    const index = this.#waiting.indexOf(jail);
    if (index !== -1) this.#waiting.splice(index, 1);
  }
}
