import { afterAll, beforeAll } from 'vitest';
import { createJailPool } from '../jail-pool.js';
import type { JailPool, RunOutcome } from '../job.js';
import { aBroker, aJob, type Heard } from './a-job.js';

export let pool: JailPool;

/** Gives a test file a pool of its own. */
export function ownPool(): void {
  beforeAll(() => {
    pool = createJailPool({ size: 2 });
  });
  afterAll(() => pool.close());
}

export type Respond = Parameters<typeof aBroker>[0];

/** Runs the body of an action in a pool of the test file's own; tells how it ended and what it did at the broker. */
export async function run(
  body: string,
  options: { respond?: Respond; input?: unknown; context?: object } = {},
): Promise<{ outcome: RunOutcome; heard: Heard }> {
  const { broker, heard } = aBroker(options.respond);
  const outcome = await pool.run(
    aJob(`exports.default = async (nango, input) => { ${body} }`, { broker, input: options.input ?? null, context: options.context ?? {} }),
  );
  return { outcome, heard };
}

/** What the body returned. */
export async function output(body: string, options: Parameters<typeof run>[1] = {}): Promise<unknown> {
  const { outcome } = await run(body, options);
  if (outcome.kind !== 'succeeded') throw new Error(JSON.stringify(outcome));
  return outcome.output;
}

/** What the body ended with. */
export async function errorOf(body: string, options: Parameters<typeof run>[1] = {}): Promise<Extract<RunOutcome, { kind: 'failed' }>['error']> {
  const { outcome } = await run(body, options);
  if (outcome.kind !== 'failed') throw new Error(JSON.stringify(outcome));
  return outcome.error;
}
