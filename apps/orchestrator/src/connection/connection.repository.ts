import { Inject, Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import { POOL, type Queryable, transaction, type Pool } from 'database';
import { requireGeneration, type RunningExecution } from 'journal/postgres';
import { channels, type EnvironmentVariables, type LastSyncDateRequest, type MetadataRequest } from 'model';
import { jsonText } from '../platform/json-text.js';

/** What a script changes of its own connection and run, and reads of its environment. */
@Injectable()
export class ConnectionRepository {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly vault: Vault,
  ) {}

  /** Replaces the connection's metadata, or merges its top level; a repeat of the same call changes nothing. */
  setMetadata(execution: RunningExecution, { call, mode, metadata }: MetadataRequest): Promise<void> {
    return this.once(execution, call, async (client) => {
      const value = mode === 'merge' ? `metadata || $3::jsonb` : `$3::jsonb`;
      await client.query(`UPDATE connection SET metadata = ${value}, updated_at = now() WHERE id = $1 AND environment_id = $2`, [
        execution.connectionId,
        execution.environmentId,
        jsonText(metadata),
      ]);
      await client.query(`SELECT pg_notify($1, $2)`, [channels.configuration, `connection:${execution.connectionId}`]);
    });
  }

  /** Keeps the date that the sync's last sync date will be when this run succeeds. */
  requestSyncDate(execution: RunningExecution, { call, date }: LastSyncDateRequest): Promise<void> {
    return this.once(execution, call, async (client) => {
      await client.query(`UPDATE execution SET requested_sync_date = $3 WHERE id = $1 AND environment_id = $2`, [
        execution.executionId,
        execution.environmentId,
        date,
      ]);
    });
  }

  async environmentVariables({ environmentId }: RunningExecution): Promise<EnvironmentVariables> {
    const { rows } = await this.pool.query<{ name: string; value: string }>(
      `SELECT name, value FROM environment_variable WHERE environment_id = $1 ORDER BY name`,
      [environmentId],
    );
    return Promise.all(rows.map(async ({ name, value }) => ({ name, value: await this.vault.openText(environmentId, purposes.environmentVariable, value) })));
  }

  /** One transaction with its journal entry: done by the generation that runs, and once for each call. */
  private once(execution: RunningExecution, call: string, work: (client: Queryable) => Promise<void>): Promise<void> {
    const { executionId, environmentId, generation } = execution;
    return transaction(this.pool, async (client) => {
      await requireGeneration(client, execution);
      const { rowCount } = await client.query(
        `INSERT INTO journal_entry (execution_id, call, environment_id, generation, state, outside) VALUES ($1, $2, $3, $4, 'done', false) ON CONFLICT DO NOTHING`,
        [executionId, call, environmentId, generation],
      );
      if (rowCount) await work(client);
    });
  }
}
