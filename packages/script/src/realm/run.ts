import type { ExecutionLimits, ScriptContext } from 'model';
import type { Bridge } from './bridge.js';
import { NangoError } from './error/nango-error.js';
import type { AbortSignal } from './globals/abort.js';
import type { Log } from './log.js';

/** What one run of a script hangs on; the `nango` object is the script's view of it. `now` reads the tape, in milliseconds. */
export type Run = { context: ScriptContext; dryRun: boolean; limits: ExecutionLimits; bridge: Bridge; log: Log; signal: AbortSignal; now: () => number };

/** An aborted run ends at its next call. */
export function checkAborted(run: Run): void {
  if (run.signal.aborted) throw new NangoError('script_aborted', 'The run was aborted');
}
