import { Inject, Injectable } from '@nestjs/common';
import { Vault } from 'credentials';
import { type Pool, POOL, prepared, transaction } from 'database';
import { closeExecution, executionPurposes, sealJson } from 'journal/postgres';
import { channels, type ExecutionError } from 'model';

/** What a request to run an action names; null where it is not there. */
export type FoundAction = { connectionId: number | null; scriptVersionId: number | null; enabled: boolean | null };

/** How a run ends that nobody will run any more; with `freeKey` its idempotency key may be used again. */
type Abandonment = { status: 'failed' | 'cancelled'; error: ExecutionError; freeKey: boolean };

@Injectable()
export class ActionRepository {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly vault: Vault,
  ) {}

  /** Null when the environment has no such integration. */
  async find(environmentId: number, name: { providerConfigKey: string; connectionId: string; actionName: string }): Promise<FoundAction | null> {
    const { rows } = await prepared(this.pool).query<FoundAction>(
      `SELECT c.id AS "connectionId", s.active_version_id AS "scriptVersionId", s.enabled
       FROM integration i
       LEFT JOIN connection c ON c.integration_id = i.id AND c.environment_id = i.environment_id AND c.connection_id = $3 AND c.deleted_at IS NULL
       LEFT JOIN script s ON s.integration_id = i.id AND s.environment_id = i.environment_id AND s.type = 'action' AND s.name = $4 AND s.active_version_id IS NOT NULL
       WHERE i.environment_id = $1 AND i.unique_key = $2`,
      [environmentId, name.providerConfigKey, name.connectionId, name.actionName],
    );
    return rows[0] ?? null;
  }

  /** Queues an opened run as an asynchronous action of its environment. */
  async enqueue(environmentId: number, executionId: string, maxRetries: number): Promise<void> {
    await this.pool.query(
      `WITH queued AS (INSERT INTO async_action (environment_id, execution_id, current_id, max_retries) VALUES ($1, $2, $2, $3) RETURNING 1)
       SELECT pg_notify($4, '') FROM queued`,
      [environmentId, executionId, maxRetries, channels.asyncAction],
    );
  }

  /** The try of an asynchronous action whose outcome counts; null for an action that is none. */
  async currentTry(environmentId: number, executionId: string): Promise<string | null> {
    const { rows } = await this.pool.query<{ currentId: string; settled: boolean }>(
      `SELECT current_id AS "currentId", settled_at IS NOT NULL AS settled FROM async_action WHERE environment_id = $1 AND execution_id = $2`,
      [environmentId, executionId],
    );
    if (!rows[0]) return null;
    return rows[0].settled ? rows[0].currentId : 'unsettled';
  }

  /** Ends a run that nobody will run any more. */
  async abandon(environmentId: number, executionId: string, { status, error: reason, freeKey }: Abandonment): Promise<void> {
    const error = await sealJson(this.vault, environmentId, executionPurposes.error, reason);
    await transaction(this.pool, async (client) => {
      await closeExecution(client, { executionId, environmentId, generation: null, status, error });
      if (freeKey) await client.query(`UPDATE execution SET idempotency_key = NULL WHERE id = $1 AND environment_id = $2`, [executionId, environmentId]);
    });
  }
}
