import { AppError } from 'model';

/** What has come of an attempt's saves, while some are being made: all up to `settled` have committed. */
type Run = { settled: number; active: number; waiting: Set<() => void> };

/** Less than the runner waits for an answer. One whose predecessor does not come belongs to a runner that has died. */
const longestWaitMs = 90_000;

/** Lets the saves of an attempt commit in the order in which its script has made them. */
export class SaveTurns {
  readonly #runs = new Map<string, Run>();

  /** @param settled up to which save the runner knows that all have committed: this process may have been started since */
  async take<T>(attempt: string, { order, settled }: { order: number; settled: number }, save: () => Promise<T>): Promise<T> {
    const run = this.#runs.get(attempt) ?? { settled: 0, active: 0, waiting: new Set() };
    this.#runs.set(attempt, run);
    run.active++;
    try {
      settle(run, settled);
      await turnOf(run, order);
      const answer = await save();
      settle(run, order);
      return answer;
    } finally {
      if (--run.active === 0) this.#runs.delete(attempt);
    }
  }
}

function settle(run: Run, order: number): void {
  run.settled = Math.max(run.settled, order);
  for (const wake of run.waiting) wake();
}

function turnOf(run: Run, order: number): Promise<void> | undefined {
  if (run.settled >= order - 1) return undefined;
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      run.waiting.delete(wake);
    };
    const wake = (): void => {
      if (run.settled < order - 1) return;
      end();
      resolve();
    };
    const timer = setTimeout(() => {
      end();
      reject(new AppError('service_unavailable', { message: 'The save before this one has not come' }));
    }, longestWaitMs);
    run.waiting.add(wake);
  });
}
