import type { SaveAnswer } from 'model';
import type pg from 'pg';
import type { SaveRequest } from './requests.js';
import { RunSaves } from './run-saves.js';
import type { Sealer } from './sealer.js';

/** A run that saves nothing for so long is taken for over; if it is not, its next save looks its rows up again. */
const idleMs = 60_000;

/** The runs that save through this process, with what they know of their models; bounded over all of them. */
export class Runs {
  readonly #runs = new Map<string, RunSaves>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly sealer: Sealer,
    private readonly mostRows: number,
  ) {}

  save(request: SaveRequest & { executionId: string }): Promise<SaveAnswer> {
    const key = JSON.stringify([request.executionId, request.generation, request.environmentId, request.connectionId, request.model]);
    const run = this.#runs.get(key) ?? new RunSaves(this.pool, this.sealer, this.mostRows);
    // The map keeps the order of use: the first ones go first when there is no more room.
    this.#runs.delete(key);
    this.#runs.set(key, run);
    run.usedAt = performance.now();
    this.#makeRoom();
    this.#timer ??= setInterval(() => this.#dropIdle(), idleMs).unref();
    return run.save(request);
  }

  #makeRoom(): void {
    let rows = 0;
    for (const run of this.#runs.values()) rows += run.rememberedRows;
    for (const run of this.#runs.values()) {
      if (rows <= this.mostRows) return;
      rows -= run.rememberedRows;
      run.forget();
    }
  }

  #dropIdle(): void {
    for (const [key, run] of this.#runs) if (run.usedAt < performance.now() - idleMs) this.#runs.delete(key);
    if (this.#runs.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
