import type { RunningExecution } from 'journal/postgres';
import { AppError } from 'model';
import type { ConnectionName } from './target.js';

/**
 * The connection that a script's call is about: its own, also when it names it.
 *
 * @throws AppError `forbidden` for any other; it may not be there at all, which is nobody's to know
 */
export function ownConnection(
  execution: RunningExecution,
  asked: { providerConfigKey?: string | null | undefined; connectionId?: string | null | undefined },
): ConnectionName {
  const { environmentId, providerConfigKey, connectionName: connectionId } = execution;
  const isOwn = (asked.providerConfigKey ?? providerConfigKey) === providerConfigKey && (asked.connectionId ?? connectionId) === connectionId;
  if (!isOwn) throw new AppError('forbidden', { message: 'A script may only use its own connection' });
  return { environmentId, providerConfigKey, connectionId };
}
