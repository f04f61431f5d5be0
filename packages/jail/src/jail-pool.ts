import type { Jail, RunnerDriver } from './driver.js';
import { FairShares } from './fair-shares.js';
import { runInJail } from './jail-run.js';
import type { JailJob, JailPool, RunOutcome } from './job.js';
import { endsWithParent } from './limited-command.js';
import { defaultSize, type JailSize } from './node-arguments.js';
import { processDriver } from './process-driver.js';
import { WarmJails, warmKey } from './warm-jails.js';

/**
 * `size` is how many unused jails wait (default 2); `dryRun` is what scripts read as `nango.dryRun`; `driver` builds
 * the jails (default: the one that every system has).
 */
export type JailPoolOptions = { size?: number; dryRun?: boolean; driver?: RunnerDriver };

/** A replacement starts shortly after its predecessor's run, when the answer is on its way and the processor free; at the latest after this. */
const refillMs = { afterRun: 20, atLatest: 250 };

/** @example const pool = createJailPool({ size: 2 }); const outcome = await pool.run(job); await pool.close(); */
export function createJailPool({ size = 2, dryRun = false, driver = processDriver }: JailPoolOptions = {}): JailPool {
  return new JailProcesses(driver, size, dryRun);
}

class JailProcesses implements JailPool {
  readonly #driver: RunnerDriver;
  readonly #size: number;
  readonly #dryRun: boolean;
  readonly #waiting: Jail[] = [];
  readonly #warm = new WarmJails();
  readonly #shares: FairShares;
  readonly #alive = new Set<Jail>();
  #closed = false;

  constructor(driver: RunnerDriver, size: number, dryRun: boolean) {
    this.#driver = driver;
    this.#size = size;
    this.#dryRun = dryRun;
    this.#shares = new FairShares({ mayPause: driver.tier === 'kernel' || endsWithParent });
    this.#refill();
  }

  async run(job: JailJob): Promise<RunOutcome> {
    if (this.#closed) throw new Error('The jail pool is closed');
    const refill = setTimeout(() => this.#refill(), refillMs.atLatest);
    try {
      const key = warmKey(job);
      const jail = (key && this.#warm.take(key)) || (await this.#fresh(job.limits));
      const leave = this.#shares.enter(job.context.environmentId, { jail, isBackground: job.context.kind !== 'action' });
      const outcome = await this.#runIn(jail, job, key !== null).finally(leave);
      if (key !== null && outcome.kind === 'succeeded' && !this.#closed) this.#warm.keep(key, jail);
      return outcome;
    } finally {
      clearTimeout(refill);
      setTimeout(() => this.#refill(), refillMs.afterRun);
    }
  }

  async #runIn(jail: Jail, job: JailJob, spare: boolean): Promise<RunOutcome> {
    try {
      return await runInJail(jail, job, { dryRun: this.#dryRun, spare });
    } catch (error) {
      jail.kill();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const jail of this.#alive) jail.kill();
    await Promise.all([...this.#alive].map((jail) => jail.exited));
  }

  async #fresh({ heapMb, dataMb }: JailSize): Promise<Jail> {
    const jail = this.#take({ heapMb, dataMb });
    await jail.ready;
    return jail;
  }

  /** One that waits, if it has that size; any other is started for the job. */
  #take(size: JailSize): Jail {
    const index = this.#waiting.findIndex((jail) => jail.size.heapMb === size.heapMb && jail.size.dataMb === size.dataMb);
    return index === -1 ? this.#start(size) : (this.#waiting.splice(index, 1)[0] ?? this.#start(size));
  }

  #refill(): void {
    try {
      while (!this.#closed && this.#waiting.length < this.#size) this.#waiting.push(this.#start(defaultSize));
    } catch {
      // The next run has to start its own, and says why it cannot.
    }
  }

  #start(size: JailSize): Jail {
    const jail = this.#driver.start(size);
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
