import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'database';
import type { EndedExecution } from 'journal/postgres';
import { channels, type CheckpointRange, type RecordCounts, shownModel, storedModel, type SyncFacts, syncWebhooks } from 'model';
import { randomUUID } from 'node:crypto';
import type { PlainEnding } from './plain-ending.js';
import { RunDeletionRepository } from './run-deletion.repository.js';

type EndedSync = EndedExecution & { syncId: string };
type FactsRow = SyncFacts & { connectionRowId: number; tracksDeletes: boolean };

/** What the end of a run changes of its sync, inside the finish's transaction. */
@Injectable()
export class SyncEndRepository {
  constructor(private readonly deletions: RunDeletionRepository) {}

  /** @returns how many webhooks wait in the outbox for it */
  async end(client: PoolClient, ended: EndedSync, ending: PlainEnding): Promise<number> {
    const facts = await readFacts(client, ended);
    if (!facts) return 0;
    // Beside the sync's own runs: it moves neither its date nor its standing.
    if (ended.runKind === 'WEBHOOK') return addEvents(client, ended, facts, ending);
    const models = facts.models.map((model) => storedModel(model, facts.variant));
    const run = { ...ended, connectionId: facts.connectionRowId, models };
    await this.deletions.begin(client, run);
    if (ending.status === 'succeeded') {
      if (facts.tracksDeletes) await this.deletions.deleteUnseen(client, run);
      await advance(client, ended);
    }
    await this.deletions.close(client, run);
    const hadProblem = await clearProblem(client, ended);
    if (ending.plainError) await setProblem(client, ended, facts.connectionRowId);
    if (hadProblem || ending.plainError) await client.query('SELECT pg_notify($1, $2)', [channels.configuration, `connection:${facts.connectionRowId}`]);
    return addEvents(client, ended, facts, ending);
  }
}

async function readFacts(client: PoolClient, { syncId, environmentId, executionId }: EndedSync): Promise<FactsRow | undefined> {
  const { rows } = await client.query<FactsRow>(
    `SELECT y.connection_id AS "connectionRowId", c.connection_id AS "connectionId", i.unique_key AS "providerConfigKey", s.name AS "syncName", y.variant AS "syncVariant",
       y.variant, v.models, v.track_deletes AND v.sync_type <> 'incremental' AS "tracksDeletes",
       array_remove(ARRAY[env.webhook_url, env.webhook_url_secondary], NULL) AS urls, env.on_sync_completion_always AS "always", env.on_sync_error AS "onError"
     FROM sync y
     JOIN execution e ON e.id = $3 AND e.environment_id = y.environment_id
     JOIN script_version v ON v.id = e.script_version_id
     JOIN script s ON s.id = y.script_id
     JOIN connection c ON c.id = y.connection_id AND c.environment_id = y.environment_id
     JOIN integration i ON i.id = c.integration_id
     JOIN environment env ON env.id = y.environment_id
     WHERE y.id = $1 AND y.environment_id = $2`,
    [syncId, environmentId, executionId],
  );
  return rows[0];
}

/** The last sync date is the run's start, unless the script asked for another. */
async function advance(client: PoolClient, { syncId, environmentId, executionId }: EndedSync): Promise<void> {
  await client.query(
    `UPDATE sync SET last_sync_date = (SELECT coalesce(requested_sync_date, started_at, created_at) FROM execution WHERE id = $3 AND environment_id = $2)
     WHERE id = $1 AND environment_id = $2`,
    [syncId, environmentId, executionId],
  );
}

/** Whether there was one. */
async function clearProblem(client: PoolClient, { syncId, environmentId }: EndedSync): Promise<boolean> {
  const { rowCount } = await client.query(`DELETE FROM connection_error WHERE environment_id = $1 AND sync_id = $2 AND type = 'sync'`, [environmentId, syncId]);
  return rowCount !== 0;
}

async function setProblem(client: PoolClient, { syncId, environmentId, operationId }: EndedSync, connectionRowId: number): Promise<void> {
  await client.query(`INSERT INTO connection_error (environment_id, connection_id, type, sync_id, operation_id) VALUES ($1, $2, 'sync', $3, $4)`, [
    environmentId,
    connectionRowId,
    syncId,
    operationId,
  ]);
}

async function addEvents(client: PoolClient, ended: EndedSync, facts: FactsRow, ending: PlainEnding): Promise<number> {
  if (facts.urls.length === 0 || ending.status === 'cancelled') return 0;
  const counts = await readCounts(client, ended, facts.variant);
  const { runKind, startedAt, finishedAt, environmentId, operationId } = ended;
  const checkpoints = await readCheckpoints(client, ended);
  const bodies = syncWebhooks(facts, { runKind, startedAt, finishedAt, counts, checkpoints, error: ending.plainError });
  for (const body of bodies) {
    for (const url of facts.urls) {
      await client.query(`INSERT INTO outbox_event (id, environment_id, operation_id, url, body) VALUES ($1, $2, $3, $4, $5)`, [
        randomUUID(),
        environmentId,
        operationId,
        url,
        body,
      ]);
    }
  }
  return bodies.length * facts.urls.length;
}

/** A run that has written none leaves the one that stood. */
async function readCheckpoints(client: PoolClient, { syncId, environmentId, executionId }: EndedSync): Promise<CheckpointRange> {
  const { rows } = await client.query<CheckpointRange>(
    `SELECT CASE WHEN w.execution_id IS NULL THEN k.value ELSE w.from_value END AS "from", CASE WHEN w.execution_id IS NULL THEN k.value ELSE w.to_value END AS "to"
     FROM sync y
     LEFT JOIN checkpoint k ON k.connection_id = y.connection_id AND k.script_id = y.script_id AND k.variant = y.variant AND k.environment_id = y.environment_id
     LEFT JOIN execution_checkpoint w ON w.execution_id = $3 AND w.environment_id = y.environment_id
     WHERE y.id = $1 AND y.environment_id = $2`,
    [syncId, environmentId, executionId],
  );
  return rows[0] ?? { from: null, to: null };
}

async function readCounts(client: PoolClient, { environmentId, executionId }: EndedSync, variant: string): Promise<Record<string, RecordCounts>> {
  const { rows } = await client.query<RecordCounts & { model: string }>(
    `SELECT model, added, updated, deleted FROM execution_count WHERE execution_id = $1 AND environment_id = $2`,
    [executionId, environmentId],
  );
  return Object.fromEntries(rows.map(({ model, ...counts }) => [shownModel(model, variant), counts]));
}
