import type { BudgetRef, StatedLimit } from 'egress';
import type { Priority, RateLimitSetting } from 'model';
import type { ProviderRateLimit } from 'providers';
import type { RunningExecution } from 'journal/postgres';
import { notMadeYet, type Target } from '../connection/target.js';

/** The budgets that a call to a connection's API takes a place in. Connections that are not made yet have none of their own, least of all one together. */
export function budgetsOf({ connection, provider }: Target): BudgetRef[] {
  const rules = provider.proxy?.rate_limit;
  const counts = rules?.counts ?? 'connection';
  const forAll = connection.integrationRateLimit?.counts === 'integration' ? connection.integrationRateLimit : null;
  const forEach = connection.rateLimit ?? (forAll ? null : connection.integrationRateLimit);
  const base = { environmentId: connection.environmentId, headers: rules?.headers, waits: provider.proxy?.retry };
  const ofConnection: BudgetRef = {
    ...base,
    scope: 'connection',
    id: connection.id,
    learns: counts === 'connection',
    stated: forEach ? [settingOf(forEach)] : counts === 'connection' ? catalogued(rules) : [],
  };
  const isMade = connection.id !== notMadeYet;
  if (counts !== 'integration' && !forAll) return isMade ? [ofConnection] : [];
  const ofIntegration: BudgetRef = {
    ...base,
    scope: 'integration',
    id: connection.integrationId,
    learns: counts === 'integration',
    stated: forAll ? [settingOf(forAll)] : catalogued(rules),
  };
  return isMade && (ofConnection.learns || ofConnection.stated.length > 0) ? [ofConnection, ofIntegration] : [ofIntegration];
}

/** How urgent the calls of a run are. */
export function priorityOf({ rootKind, rootRunKind }: Pick<RunningExecution, 'rootKind' | 'rootRunKind'>): Priority {
  if (rootKind === 'action') return 'interactive';
  if (rootKind !== 'sync') return 'webhook';
  return rootRunKind === 'INITIAL' ? 'backfill' : 'incremental';
}

const settingOf = (setting: RateLimitSetting): StatedLimit => ({ name: 'setting', source: 'setting', ...bucketOf(setting) });

function catalogued(rules: ProviderRateLimit | undefined): StatedLimit[] {
  return (rules?.limits ?? []).map((limit) => ({ name: `${limit.requests}/${limit.per_seconds}s`, source: 'catalogue', ...bucketOf(limit) }));
}

/** Without a burst of its own there are never more than `requests` in any `per_seconds`: a tenth at once, and the rest evenly. */
function bucketOf({ requests, per_seconds, burst }: RateLimitSetting): Pick<StatedLimit, 'capacity' | 'perSecond'> {
  if (burst !== undefined) return { capacity: burst, perSecond: requests / per_seconds };
  const capacity = Math.ceil(requests / 10);
  return { capacity, perSecond: Math.max(1, requests - capacity) / per_seconds };
}
