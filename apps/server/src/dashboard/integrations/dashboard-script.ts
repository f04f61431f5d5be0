import type { IntegrationScripts, ScriptConfig } from 'model';
import type { DashboardScript } from 'model/dashboard';

/** An integration's scripts as its page lists them: syncs, actions, event scripts. */
export function toDashboardScripts({ syncs, actions, 'on-events': events }: Pick<IntegrationScripts, 'syncs' | 'actions' | 'on-events'>): DashboardScript[] {
  return [...[...syncs, ...actions].map(toScript), ...events.map(toEventScript)];
}

function toScript(config: ScriptConfig): DashboardScript {
  const { name, type, description, runs, version, enabled, endpoints } = config;
  return {
    name,
    type,
    description,
    runs,
    version,
    enabled,
    endpoints,
    models: config.returns,
    input: nameOf(config.input),
    syncType: config.sync_type ?? null,
    trackDeletes: config.track_deletes,
    event: null,
    lastDeployedAt: config.last_deployed,
  };
}

function toEventScript({ name, event, version, last_deployed }: IntegrationScripts['on-events'][number]): DashboardScript {
  const none = { description: '', runs: '', enabled: true, endpoints: [], models: [], input: null, syncType: null, trackDeletes: false };
  return { ...none, name, type: 'on-event', version, event, lastDeployedAt: last_deployed };
}

function nameOf(input: unknown): string | null {
  if (typeof input === 'string') return input || null;
  const name = typeof input === 'object' && input !== null && 'name' in input ? input.name : null;
  return typeof name === 'string' ? name : null;
}
