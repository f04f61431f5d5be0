import { AppError } from 'model';

/** A save that was handed to the store; `done` rejects when it did not commit. */
type Handed = { model: string; done: Promise<void> };

/** What has come of an attempt's saves, while some are being made: all up to `settled` have committed. */
type Run = { settled: number; handed: Map<number, Handed>; active: number; waiting: Set<() => void>; idle?: NodeJS.Timeout };

/** A save's place: its number in the attempt, and up to which number the runner knows that all have committed: this process may have been started since. */
export type Place = { order: number; settled: number; model: string };

/** Less than the runner waits for an answer. One whose predecessor does not come belongs to a runner that has died. */
const longestWaitMs = 90_000;
/** A save may be on its way that was sent before its predecessor's answer: what has committed is remembered for that long. */
const rememberedMs = 120_000;

/**
 * Lets the saves of an attempt commit in the order in which its script has made them. Saves of the same model are handed over
 * one behind the other without waiting, since the store writes them in that order; each is given its predecessor's commit to
 * wait for before its own. A save of another model waits for the commit itself, so that no transaction waits for another one's start.
 */
export class SaveTurns {
  readonly #runs = new Map<string, Run>();

  /** `save` must hand over at once when it is called. */
  async take<T>(attempt: string, { order, settled, model }: Place, save: (before: Promise<void> | undefined) => Promise<T>): Promise<T> {
    const run = this.#runs.get(attempt) ?? { settled: 0, handed: new Map<number, Handed>(), active: 0, waiting: new Set<() => void>() };
    this.#runs.set(attempt, run);
    clearTimeout(run.idle);
    run.active++;
    try {
      settle(run, settled);
      await turnOf(run, order);
      const before = run.settled >= order - 1 ? undefined : run.handed.get(order - 1);
      if (before && before.model !== model) await before.done;
      return await hand(run, { order, model }, () => save(before?.model === model ? before.done : undefined));
    } finally {
      if (--run.active === 0) run.idle = setTimeout(() => this.#runs.delete(attempt), rememberedMs).unref();
    }
  }
}

async function hand<T>(run: Run, { order, model }: { order: number; model: string }, save: () => Promise<T>): Promise<T> {
  const saving = save();
  const done = saving.then(
    () => settle(run, order),
    () => Promise.reject(new AppError('service_unavailable', { message: 'The save before this one has failed' })),
  );
  done.catch(() => undefined);
  run.handed.set(order, { model, done });
  wake(run);
  return saving;
}

function settle(run: Run, order: number): void {
  run.settled = Math.max(run.settled, order);
  for (const number of run.handed.keys()) if (number < run.settled) run.handed.delete(number);
  wake(run);
}

function wake(run: Run): void {
  for (const look of run.waiting) look();
}

function turnOf(run: Run, order: number): Promise<void> | undefined {
  const isNext = (): boolean => run.settled >= order - 1 || run.handed.has(order - 1);
  if (isNext()) return undefined;
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      run.waiting.delete(look);
    };
    const look = (): void => {
      if (!isNext()) return;
      end();
      resolve();
    };
    const timer = setTimeout(() => {
      end();
      reject(new AppError('service_unavailable', { message: 'The save before this one has not come' }));
    }, longestWaitMs);
    run.waiting.add(look);
  });
}
