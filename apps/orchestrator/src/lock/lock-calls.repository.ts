import { Injectable } from '@nestjs/common';
import type { CallSite } from 'journal/postgres';
import { openStatuses, type PlatformArgs } from 'model';
import type { PlatformHandlers } from '../platform-call/handlers.js';

/**
 * Locks of scripts' own, among the executions of one connection, whatever script they run. An execution holds its lock
 * until it releases it, ends, or lets it expire.
 */
@Injectable()
export class LockCalls {
  readonly handlers: Pick<PlatformHandlers, 'acquireLock' | 'releaseLock' | 'releaseAllLocks'> = {
    acquireLock: (site, args) => this.acquire(site, args),
    releaseLock: (site, { key }) => this.release(site, key),
    releaseAllLocks: async (site) => {
      await this.release(site, null);
      return null;
    },
  };

  private async acquire({ client, execution }: CallSite, { key, ttlMs }: PlatformArgs<'acquireLock'>): Promise<boolean> {
    const { rowCount } = await client.query(
      `INSERT INTO script_lock AS l (connection_id, key, environment_id, execution_id, expires_at)
       VALUES ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5::float8 / 1000))
       ON CONFLICT (connection_id, key) DO UPDATE SET execution_id = excluded.execution_id, expires_at = excluded.expires_at
         WHERE l.environment_id = $3 AND (l.execution_id = $4 OR l.expires_at <= clock_timestamp()
           OR NOT EXISTS (SELECT FROM execution e WHERE e.id = l.execution_id AND e.environment_id = $3 AND e.status = ANY ($6)))`,
      [execution.connectionId, key, execution.environmentId, execution.executionId, ttlMs, openStatuses],
    );
    return rowCount === 1;
  }

  private async release({ client, execution }: CallSite, key: string | null): Promise<boolean> {
    const { rows } = await client.query<{ live: boolean }>(
      `DELETE FROM script_lock WHERE execution_id = $1 AND environment_id = $2 AND ($3::text IS NULL OR key = $3) RETURNING expires_at > clock_timestamp() AS live`,
      [execution.executionId, execution.environmentId, key],
    );
    return rows.some(({ live }) => live);
  }
}
