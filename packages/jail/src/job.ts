import type { ExecutionError, ExecutionLimits, ScriptContext } from 'model';
import type { Broker } from './broker.js';

/** How a run ended. A failure is the script's. */
export type RunOutcome = { kind: 'succeeded'; output: unknown } | { kind: 'failed'; error: ExecutionError } | { kind: 'cancelled' };

/**
 * One run of a script. `code` is CommonJS; `warmFor` names the version of the script (its content hash) where a jail
 * may serve the next run of the same version and connection, and is null where every run gets a new process;
 * `onAlive` is called whenever the jail has proved that its event loop turns.
 */
export type JailJob = {
  code: string;
  warmFor: string | null;
  context: ScriptContext;
  input: unknown;
  limits: ExecutionLimits;
  broker: Broker;
  signal?: AbortSignal;
  /** Ends the run at once and without a word to the script; it then counts as cancelled. */
  abandon?: AbortSignal;
  onAlive?: () => void;
  /** What earlier attempts have read and received, when the run is resumed: replayed to its end, then the run goes on live. */
  tape?: string;
};

/** Runs scripts, each in a process without network, files, environment or secrets. */
export interface JailPool {
  /** Throws only when no jail can be started at all. */
  run(job: JailJob): Promise<RunOutcome>;
  /** Kills what waits and what runs; resolves when every process is gone. */
  close(): Promise<void>;
}
