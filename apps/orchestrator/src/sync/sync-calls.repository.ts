import { Injectable } from '@nestjs/common';
import { type SelectedSync, selectSyncs, setSyncState, triggerSyncs } from 'database';
import type { CallSite } from 'journal/postgres';
import { AppError, type PlatformArgs, runOptionsOf, type SyncCommand } from 'model';
import type { PlatformHandlers } from '../platform-call/handlers.js';

/** What a script does to syncs of its environment, as the public API does it. */
@Injectable()
export class SyncCalls {
  readonly handlers: Pick<PlatformHandlers, 'triggerSync' | 'startSync'> = {
    triggerSync: (site, args) => this.trigger(site, args),
    startSync: (site, args) => this.start(site, args),
  };

  private async trigger(site: CallSite, request: PlatformArgs<'triggerSync'>): Promise<null> {
    const syncs = await selectNamed(site, request);
    await triggerSyncs(site.client, site.execution.environmentId, { syncs, named: request.syncs.length > 0, options: runOptionsOf(request) });
    return null;
  }

  private async start(site: CallSite, request: PlatformArgs<'startSync'>): Promise<null> {
    await setSyncState(site.client, site.execution.environmentId, await selectNamed(site, request), 'started');
    return null;
  }
}

async function selectNamed(
  { client, execution }: CallSite,
  { provider_config_key, connection_id: connectionName, syncs }: SyncCommand,
): Promise<SelectedSync[]> {
  const { environmentId } = execution;
  const key = provider_config_key ?? execution.providerConfigKey;
  const { rows } = await client.query<{ integrationId: number; connectionId: number | null }>(
    `SELECT i.id AS "integrationId", c.id AS "connectionId" FROM integration i
     LEFT JOIN connection c ON c.integration_id = i.id AND c.environment_id = i.environment_id AND c.connection_id = $3 AND c.deleted_at IS NULL
     WHERE i.environment_id = $1 AND i.unique_key = $2`,
    [environmentId, key, connectionName ?? null],
  );
  const [place] = rows;
  if (!place) throw new AppError('unknown_provider_config', { message: `There is no integration '${key}' in this environment` });
  if (connectionName !== undefined && place.connectionId === null)
    throw new AppError('unknown_connection', { message: `There is no connection '${connectionName}' for '${key}'` });
  const selected = await selectSyncs(client, { environmentId, ...place }, syncs);
  if (selected.length === 0) throw new AppError('no_syncs_found', { message: `No connection of '${key}' has such a sync` });
  return selected;
}
