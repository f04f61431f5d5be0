import { setTimeout as sleep } from 'node:timers/promises';

const longestMs = 5 * 60_000;
/** Shorter than a successor's doubt about a lapsed lease: after an outage the holder's answer is stored before the token is spent again. */
const maxWaitMs = 1_000;

/** Classes of SQLSTATE that a database which is away or starting answers with: connection, resources, operator. */
const passing = /^(08|53|57)/;
const network = /^E(CONN|PIPE|TIMEDOUT|HOST|NET|AI_AGAIN)/;

/**
 * Repeats a write while the database is away, for five minutes: what it would lose cannot be asked for again.
 * Anything else that goes wrong is thrown at once.
 */
export async function persist<T>(write: () => Promise<T>, firstWaitMs = 100): Promise<T> {
  const until = Date.now() + longestMs;
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, maxWaitMs)) {
    try {
      return await write();
    } catch (error) {
      if (!isPassing(error) || Date.now() > until) throw error;
      await sleep(waitMs);
    }
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as Error & { code?: string };
  if (code !== undefined) return passing.test(code) || network.test(code);
  return /terminated|timeout|Connection/i.test(error.message); // pg gives a lost connection no code
}
