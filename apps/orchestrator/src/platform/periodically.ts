import type { Logger } from 'service';

/** Work that is done again and again, never twice at a time. */
export type Periodic = {
  /** Does it now, or once more right after the round that is under way. */
  now(): void;
  /** No further round; resolves when the one under way has ended. */
  stop(): Promise<void>;
};

/** Does `work` at once and then every `intervalMs`. A round that fails is logged, and the next one comes as planned. */
export function periodically(name: string, intervalMs: number, logger: Logger, work: () => Promise<void>): Periodic {
  let stopped = false;
  let wake = (): void => undefined;
  let isAsked = false;

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, intervalMs);
      wake = () => (clearTimeout(timer), resolve());
    });
  const run = async (): Promise<void> => {
    while (!stopped) {
      isAsked = false;
      await work().catch((error: unknown) => logger.error(`${name}.failed`, { error }));
      if (!isAsked && !stopped) await pause();
    }
  };

  const running = run();
  return {
    now: () => {
      isAsked = true;
      wake();
    },
    stop: () => {
      stopped = true;
      wake();
      return running;
    },
  };
}
