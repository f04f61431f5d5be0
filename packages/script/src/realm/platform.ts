import type { PlatformAnswer, PlatformArgs, PlatformMethod } from 'model';
import { checkAborted, type Run } from './run.js';

/** Asks for one of the model's `platformCalls`. A refusal is thrown as a `NangoError` with its code. */
export async function askPlatform<M extends PlatformMethod>(run: Run, method: M, args: PlatformArgs<M>): Promise<PlatformAnswer<M>> {
  checkAborted(run);
  const { value } = await run.bridge.call({ method: 'platform', args: { method, args } });
  // The orchestrator answers each method in the form that the model names.
  return value as PlatformAnswer<M>;
}
