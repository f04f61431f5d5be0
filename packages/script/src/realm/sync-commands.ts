import type { SyncName, SyncTrigger } from 'model';
import { NangoError } from './error/nango-error.js';
import { askPlatform } from './platform.js';
import type { Run } from './run.js';

/** `name`, `name::variant`, or both apart. */
export type ScriptSyncName = string | { name: string; variant?: string };

const modes = ['incremental', 'full_refresh', 'full_refresh_and_clear_cache'] as const;

/** As `POST /sync/trigger` for one sync; `mode` is a sync mode, whether all is fetched again, or `{ reset, emptyCache }`. */
export async function triggerSync(run: Run, target: { providerConfigKey: unknown; connectionId: unknown; sync: ScriptSyncName }, mode: unknown): Promise<void> {
  const providerConfigKey = text(target.providerConfigKey, 'a provider config key');
  const connectionId = text(target.connectionId, 'a connection id');
  await askPlatform(run, 'triggerSync', {
    provider_config_key: providerConfigKey,
    connection_id: connectionId,
    syncs: [toName(target.sync)],
    ...optionsOf(mode),
  });
}

/** As `POST /sync/start`: without a connection it is every connection of the integration. */
export async function startSync(run: Run, providerConfigKey: unknown, syncs: unknown, connectionId?: unknown): Promise<void> {
  if (!Array.isArray(syncs)) throw new NangoError('script_internal_error', 'startSync takes a list of syncs');
  const place = connectionId === undefined || connectionId === null ? {} : { connection_id: text(connectionId, 'a connection id') };
  await askPlatform(run, 'startSync', { provider_config_key: text(providerConfigKey, 'a provider config key'), syncs: syncs.map(toName), ...place });
}

function toName(sync: unknown): SyncName {
  if (typeof sync === 'string') {
    const [name, variant] = sync.split('::');
    return { name: text(name, "a sync's name"), variant: variant || 'base' };
  }
  const { name, variant } = (sync ?? {}) as Partial<Record<'name' | 'variant', unknown>>;
  return { name: text(name, "a sync's name"), variant: variant === undefined || variant === null ? 'base' : text(variant, 'a variant') };
}

function optionsOf(mode: unknown): Pick<SyncTrigger, 'opts' | 'sync_mode' | 'full_resync'> {
  if (mode === undefined || mode === null) return {};
  if (typeof mode === 'boolean') return { full_resync: mode };
  if (typeof mode === 'object') {
    const { reset, emptyCache } = mode as Partial<Record<'reset' | 'emptyCache', unknown>>;
    return { opts: { reset: reset === true, emptyCache: emptyCache === true } };
  }
  const known = modes.find((name) => name === mode);
  if (!known) throw new NangoError('script_internal_error', `triggerSync: the mode '${String(mode)}' is not one of ${modes.join(', ')}`);
  return { sync_mode: known };
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new NangoError('script_internal_error', `${what[0]?.toUpperCase()}${what.slice(1)} is needed`);
}
