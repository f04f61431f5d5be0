import { Inject, Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import { listen, POOL, type Pool, type Subscription, transaction } from 'database';
import { channels, SealedDelivery } from 'model';
import { insertMessages } from '../operation-log/operation-log.repository.js';

/** A webhook whose turn has come. `attempts` counts this one. */
export type DueEvent = { id: string; environmentId: number; operationId: string | null; url: string; body: string; sealed: boolean; attempts: number };

/** What an attempt came to, for the operation's log. */
export type AttemptLine = { level: 'info' | 'warn' | 'error'; message: string; meta: Record<string, unknown> };

// A dispatcher that dies while it sends leaves the event to the next one after this long.
const leaseMs = 120_000;

@Injectable()
export class OutboxRepository {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly vault: Vault,
  ) {}

  /** Tells whenever something may be due. */
  follow(onDue: () => void): Promise<Subscription> {
    return listen(this.pool, channels.outbox, onDue, { onConnected: onDue });
  }

  /** Takes events of every environment whose time has come; nobody else takes them meanwhile. */
  async claim(limit: number): Promise<DueEvent[]> {
    const { rows } = await this.pool.query<DueEvent>(
      `UPDATE outbox_event SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $2::float8 / 1000)
       WHERE id IN (SELECT id FROM outbox_event WHERE next_attempt_at <= now() ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING id, environment_id AS "environmentId", operation_id AS "operationId", url, body, sealed, attempts`,
      [limit, leaseMs],
    );
    return rows;
  }

  /** The body and the headers of its own that an event is sent with. */
  async contentOf({ environmentId, body, sealed }: DueEvent): Promise<SealedDelivery> {
    if (!sealed) return { body, headers: {} };
    return SealedDelivery.parse(JSON.parse(await this.vault.openText(environmentId, purposes.outboxBody, body)));
  }

  /** Until the next event is due; null when none waits. */
  async msUntilDue(): Promise<number | null> {
    const { rows } = await this.pool.query<{ ms: number | null }>(
      `SELECT (extract(epoch FROM min(next_attempt_at) - now()) * 1000)::float8 AS ms FROM outbox_event`,
    );
    return rows[0]?.ms ?? null;
  }

  /** What the environment's webhooks are signed with; null when it is gone. */
  async secretOf(environmentId: number): Promise<string | null> {
    const { rows } = await this.pool.query<{ secretKey: string }>(`SELECT secret_key AS "secretKey" FROM environment WHERE id = $1`, [environmentId]);
    if (!rows[0]) return null;
    return this.vault.openText(environmentId, purposes.environmentSecretKey, rows[0].secretKey);
  }

  delivered(event: DueEvent, line: AttemptLine): Promise<void> {
    return this.settle(event, `delivered_at = now(), next_attempt_at = NULL, last_error = NULL`, [], line);
  }

  /** To be tried again in a while, or with `waitMs: null` never again. */
  failed(event: DueEvent, error: string, waitMs: number | null, line: AttemptLine): Promise<void> {
    const change =
      waitMs === null
        ? `last_error = $3, next_attempt_at = NULL, dead_at = now()`
        : `last_error = $3, next_attempt_at = now() + make_interval(secs => $4::float8 / 1000)`;
    return this.settle(event, change, waitMs === null ? [error] : [error, waitMs], line);
  }

  /** Our own fault, which is no attempt at the receiver. */
  async postponed({ id, environmentId }: DueEvent, waitMs: number): Promise<void> {
    await this.pool.query(
      `UPDATE outbox_event SET attempts = attempts - 1, next_attempt_at = now() + make_interval(secs => $3::float8 / 1000) WHERE id = $1 AND environment_id = $2 AND delivered_at IS NULL`,
      [id, environmentId, waitMs],
    );
  }

  private settle({ id, environmentId, operationId }: DueEvent, change: string, values: unknown[], line: AttemptLine): Promise<void> {
    return transaction(this.pool, async (client) => {
      await client.query(`UPDATE outbox_event SET ${change} WHERE id = $1 AND environment_id = $2`, [id, environmentId, ...values]);
      if (operationId) await insertMessages(client, { operationId, environmentId }, [{ at: new Date().toISOString(), ...line }]);
    });
  }
}
