import type { ServerResponse } from 'node:http';

/** A signal that fires when the one who asked goes away before the answer is complete. */
export function callerGone(to: ServerResponse): AbortSignal {
  const controller = new AbortController();
  to.once('close', () => {
    if (!to.writableFinished) controller.abort();
  });
  return controller.signal;
}
