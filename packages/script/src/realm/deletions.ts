import { askPlatform } from './platform.js';
import { checkModel } from './records.js';
import type { Run } from './run.js';

type Deleted = { deletedKeys: string[] };

/** How a sync says which records are gone. */
export class Deletions {
  readonly #run: Run;
  readonly #done = new Set<string>();

  constructor(run: Run) {
    this.#run = run;
  }

  async start(model: string): Promise<void> {
    checkModel(this.#run, model);
    await askPlatform(this.#run, 'trackDeletesStart', { model });
  }

  async end(model: string): Promise<Deleted> {
    checkModel(this.#run, model);
    return askPlatform(this.#run, 'trackDeletesEnd', { model });
  }

  /** Once a run and model: what a run has saved is looked through once. */
  async deletePrevious(model: string): Promise<Deleted> {
    checkModel(this.#run, model);
    if (this.#done.has(model)) return { deletedKeys: [] };
    this.#done.add(model);
    return askPlatform(this.#run, 'deletePrevious', { model });
  }
}
