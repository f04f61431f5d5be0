import { Inject, Injectable } from '@nestjs/common';
import { listen, POOL, type Pool, type PoolClient, type Subscription, transaction } from 'database';
import { insertRuns } from 'journal/postgres';
import { type AsyncActionWebhook, channels } from 'model';
import { randomUUID } from 'node:crypto';

/** An asynchronous action by its first try, and the try that counts. */
export type AsyncAction = { executionId: string; currentId: string; environmentId: number; maxRetries: number };

type CurrentRun = { environmentId: number; currentId: string; retries: number; connectionId: number; scriptVersionId: number; input: string | null };

const columns = `execution_id AS "executionId", current_id AS "currentId", environment_id AS "environmentId", max_retries AS "maxRetries"`;

@Injectable()
export class AsyncActionRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** Tells whenever somebody's turn may have come. */
  follow(onChange: () => void): Promise<Subscription> {
    return listen(this.pool, channels.asyncAction, onChange, { onConnected: onChange });
  }

  /** Gives the oldest of each environment its turn, unless that is under way already. */
  async takeTurns(): Promise<AsyncAction[]> {
    const { rows } = await this.pool.query<AsyncAction>(
      `UPDATE async_action SET started_at = now()
       WHERE started_at IS NULL AND id IN (SELECT DISTINCT ON (environment_id) id FROM async_action WHERE settled_at IS NULL ORDER BY environment_id, id)
       RETURNING ${columns}`,
    );
    return rows;
  }

  /** Those that have waited for their turn for too long. */
  async waitingLongerThan(hours: number): Promise<AsyncAction[]> {
    const { rows } = await this.pool.query<AsyncAction>(
      `SELECT ${columns} FROM async_action WHERE settled_at IS NULL AND started_at IS NULL AND created_at < now() - make_interval(hours => $1) ORDER BY id LIMIT 1000`,
      [hours],
    );
    return rows;
  }

  /** Those that have been under way for a while. */
  async underWay(olderThanMs: number): Promise<AsyncAction[]> {
    const { rows } = await this.pool.query<AsyncAction>(
      `SELECT ${columns} FROM async_action WHERE settled_at IS NULL AND started_at < now() - make_interval(secs => $1::float8 / 1000) ORDER BY id`,
      [olderThanMs],
    );
    return rows;
  }

  /** Opens a try after the first; a repeat answers its own. */
  openRetry(executionId: string, retry: number): Promise<string> {
    return transaction(this.pool, async (client) => {
      const { rows } = await client.query<CurrentRun>(
        `SELECT a.environment_id AS "environmentId", a.current_id AS "currentId", a.retries, e.connection_id AS "connectionId", e.script_version_id AS "scriptVersionId", e.input
         FROM async_action a JOIN execution e ON e.id = a.execution_id WHERE a.execution_id = $1 FOR UPDATE OF a`,
        [executionId],
      );
      const [run] = rows;
      if (!run) throw new Error('an asynchronous action is tried again and is not there');
      if (run.retries >= retry) return run.currentId;
      const id = randomUUID();
      const { environmentId, connectionId, scriptVersionId, input } = run;
      await insertRuns((sql, values) => client.query(sql, values), environmentId, [{ executionId: id, kind: 'action', connectionId, scriptVersionId, input }]);
      await client.query(`UPDATE async_action SET current_id = $3, retries = $4 WHERE execution_id = $1 AND environment_id = $2`, [
        executionId,
        environmentId,
        id,
        retry,
      ]);
      return id;
    });
  }

  /** Makes the outcome final: told to who asks and, where the team wants that, to the product; and the next one has its turn. */
  settle(executionId: string): Promise<void> {
    return transaction(this.pool, async (client) => {
      const { rows } = await client.query<{ environmentId: number }>(
        `UPDATE async_action SET settled_at = now() WHERE execution_id = $1 AND settled_at IS NULL RETURNING environment_id AS "environmentId"`,
        [executionId],
      );
      if (!rows[0]) return;
      await announce(client, rows[0].environmentId, executionId);
      await client.query(`SELECT pg_notify($1, '')`, [channels.asyncAction]);
    });
  }
}

type Facts = { connectionId: string; providerConfigKey: string; operationId: string; urls: string[] };

async function announce(client: PoolClient, environmentId: number, id: string): Promise<void> {
  const { rows } = await client.query<Facts>(
    `SELECT c.connection_id AS "connectionId", i.unique_key AS "providerConfigKey", e.operation_id AS "operationId",
       array_remove(ARRAY[env.webhook_url, env.webhook_url_secondary], NULL) AS urls
     FROM execution e
     JOIN connection c ON c.id = e.connection_id AND c.environment_id = e.environment_id
     JOIN integration i ON i.id = c.integration_id
     JOIN environment env ON env.id = e.environment_id AND env.on_async_action_completion
     WHERE e.id = $1 AND e.environment_id = $2`,
    [id, environmentId],
  );
  const [facts] = rows;
  if (!facts) return;
  const { connectionId, providerConfigKey, operationId, urls } = facts;
  const body: AsyncActionWebhook = { type: 'async_action', from: 'nango', connectionId, providerConfigKey, payload: { id, statusUrl: `/action/${id}` } };
  await client.query(
    `INSERT INTO outbox_event (id, environment_id, operation_id, url, body) SELECT gen_random_uuid(), $1, $2, url, $4 FROM unnest($3::text[]) AS url`,
    [environmentId, operationId, urls, JSON.stringify(body)],
  );
  await client.query(`SELECT pg_notify($1, '')`, [channels.outbox]);
}
