import type { Logger } from './logger.js';

const graceMs = 25_000;
const running = new Set<() => Promise<void>>();
let installed = false;

/** Ends the process gracefully on SIGTERM and SIGINT: everything registered is closed, at most 25 s; a second signal ends it at once. */
export function onStopSignal(logger: Logger, close: () => Promise<void>): void {
  running.add(close);
  if (installed) return;
  installed = true;
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      setTimeout(() => process.exit(1), graceMs).unref();
      void stopAll(logger, signal);
    });
  }
}

async function stopAll(logger: Logger, signal: string): Promise<void> {
  const results = await Promise.allSettled([...running].map((close) => close()));
  for (const result of results) if (result.status === 'rejected') logger.error('service.stop_failed', { error: result.reason });
  logger.info('service.stopped', { signal });
  process.exit(results.some(({ status }) => status === 'rejected') ? 1 : 0);
}
