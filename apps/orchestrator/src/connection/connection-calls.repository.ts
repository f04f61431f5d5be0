import { Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import type { CallSite } from 'journal/postgres';
import { channels, type EnvironmentVariables, type PlatformArgs } from 'model';
import type { PlatformHandlers } from '../platform-call/handlers.js';
import { jsonText } from '../platform/json-text.js';

/** What a script changes of its own connection and run, and reads of its environment. */
@Injectable()
export class ConnectionCalls {
  constructor(private readonly vault: Vault) {}

  readonly handlers: Pick<PlatformHandlers, 'setMetadata' | 'setLastSyncDate' | 'environmentVariables'> = {
    setMetadata: (site, args) => this.setMetadata(site, args),
    setLastSyncDate: (site, args) => this.requestSyncDate(site, args),
    environmentVariables: (site) => this.environmentVariables(site),
  };

  private async setMetadata({ client, execution }: CallSite, { mode, metadata }: PlatformArgs<'setMetadata'>): Promise<null> {
    const value = mode === 'merge' ? `metadata || $3::jsonb` : `$3::jsonb`;
    await client.query(`UPDATE connection SET metadata = ${value}, updated_at = now() WHERE id = $1 AND environment_id = $2`, [
      execution.connectionId,
      execution.environmentId,
      jsonText(metadata),
    ]);
    await client.query(`SELECT pg_notify($1, $2)`, [channels.configuration, `connection:${execution.connectionId}`]);
    return null;
  }

  /** Keeps the date that the sync's last sync date will be when this run succeeds. */
  private async requestSyncDate({ client, execution }: CallSite, { date }: PlatformArgs<'setLastSyncDate'>): Promise<null> {
    await client.query(`UPDATE execution SET requested_sync_date = $3 WHERE id = $1 AND environment_id = $2`, [
      execution.executionId,
      execution.environmentId,
      date,
    ]);
    return null;
  }

  private async environmentVariables({ client, execution: { environmentId } }: CallSite): Promise<EnvironmentVariables> {
    const { rows } = await client.query<{ name: string; value: string }>(
      `SELECT name, value FROM environment_variable WHERE environment_id = $1 ORDER BY name`,
      [environmentId],
    );
    return Promise.all(rows.map(async ({ name, value }) => ({ name, value: await this.vault.openText(environmentId, purposes.environmentVariable, value) })));
  }
}
