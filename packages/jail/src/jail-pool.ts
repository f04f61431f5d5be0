import type { ExecutionError, ExecutionLimits, ScriptContext } from 'model';
import type { Broker } from './broker.js';

/** How a run ended. A failure is the script's; the pool itself never throws for it. */
export type RunOutcome = { kind: 'succeeded'; output: unknown } | { kind: 'failed'; error: ExecutionError } | { kind: 'cancelled' };

/** One run of a script. `code` is CommonJS; `onAlive` is called whenever the jail has proved that its event loop turns. */
export type JailJob = {
  code: string;
  context: ScriptContext;
  input: unknown;
  limits: ExecutionLimits;
  broker: Broker;
  signal?: AbortSignal;
  onAlive?: () => void;
};

/** Runs scripts, each in a process without network, files, environment or secrets. */
export interface JailPool {
  run(job: JailJob): Promise<RunOutcome>;
  close(): Promise<void>;
}

/** `size` is how many unused processes wait; `dryRun` is what scripts read as `nango.dryRun`. */
export type JailPoolOptions = { size?: number; dryRun?: boolean };

/** @example const pool = createJailPool({ size: 2 }); const outcome = await pool.run(job); await pool.close(); */
export function createJailPool(options: JailPoolOptions = {}): JailPool {
  throw new Error(`The jail is being built (${JSON.stringify(options)})`);
}
