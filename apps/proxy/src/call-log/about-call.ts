import type { RunningExecution } from 'journal/postgres';
import type { Target } from '../connection/target.js';
import type { CallAbout } from './log-entry.js';
import { secretsOfTarget } from './redact.js';

/** Whose call it is: of a connection or, freely, of the execution alone. */
export function aboutCall(
  target: Target | null,
  { environmentId, method, endpoint }: Pick<CallAbout, 'environmentId' | 'method' | 'endpoint'>,
  execution?: RunningExecution,
): CallAbout {
  return {
    environmentId,
    integration: target?.connection.providerConfigKey ?? execution?.providerConfigKey ?? null,
    connectionId: target?.connection.connectionId ?? execution?.connectionName ?? null,
    executionId: execution?.executionId ?? null,
    method,
    endpoint,
    // A free call carries what its script has put there, and nobody knows what of it is a secret.
    originOnly: target === null,
    secrets: () => (target ? secretsOfTarget(target) : []),
  };
}
