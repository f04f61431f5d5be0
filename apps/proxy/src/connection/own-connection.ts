import type { RunningExecution } from 'journal/postgres';
import { AppError } from 'model';
import type { ConnectionName } from './target.js';

/**
 * The connection that a script's call is about: its own, also when it names it, or another of its environment where that
 * lets its scripts use them.
 *
 * @throws AppError `forbidden` for any other; it may not be there at all, which is nobody's to know
 */
export function ownConnection(
  execution: RunningExecution,
  asked: { providerConfigKey?: string | null | undefined; connectionId?: string | null | undefined },
): ConnectionName {
  const { environmentId, usesOthers } = execution;
  const providerConfigKey = asked.providerConfigKey ?? execution.providerConfigKey;
  const connectionId = asked.connectionId ?? execution.connectionName;
  const isOwn = providerConfigKey === execution.providerConfigKey && connectionId === execution.connectionName;
  if (isOwn || usesOthers) return { environmentId, providerConfigKey, connectionId };
  throw new AppError('forbidden', { message: "A script may only use its own connection, unless the environment's settings let it use others" });
}
