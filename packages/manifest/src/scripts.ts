import type { ConnectionEvent } from 'model';
import type { ParsedManifest } from './manifest.js';

/** One script that a manifest speaks of. `folder` is where the nested layout keeps its file. */
export type ManifestScript = { providerConfigKey: string; name: string } & (
  | { kind: 'sync'; folder: 'syncs' }
  | { kind: 'action'; folder: 'actions' }
  | { kind: 'on-event'; folder: 'on-events' | 'post-connection-scripts'; event: ConnectionEvent }
);

/** Every script of a manifest, in its order: an integration's syncs, actions, events. */
export function scriptsOf({ integrations }: ParsedManifest): ManifestScript[] {
  return integrations.flatMap(({ providerConfigKey, syncs, actions, onEventScripts, postConnectionScripts }) => [
    ...syncs.map(({ name }) => ({ providerConfigKey, name, kind: 'sync' as const, folder: 'syncs' as const })),
    ...actions.map(({ name }) => ({ providerConfigKey, name, kind: 'action' as const, folder: 'actions' as const })),
    ...Object.entries(onEventScripts).flatMap(([event, names]) =>
      names.map((name) => eventScript(providerConfigKey, name, event as ConnectionEvent, 'on-events')),
    ),
    ...postConnectionScripts.map((name) => eventScript(providerConfigKey, name, 'post-connection-creation', 'post-connection-scripts')),
  ]);
}

function eventScript(providerConfigKey: string, name: string, event: ConnectionEvent, folder: 'on-events' | 'post-connection-scripts'): ManifestScript {
  return { providerConfigKey, name, kind: 'on-event', folder, event };
}
