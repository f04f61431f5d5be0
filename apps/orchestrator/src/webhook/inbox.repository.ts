import { Inject, Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import { listen, POOL, type Pool, type Queryable, type Subscription } from 'database';
import { channels, InboxWebhook } from 'model';

/** A webhook that waits to be routed. Null content: it cannot be read any more. */
export type WaitingWebhook = { id: number; integrationId: number; content: InboxWebhook | null };

type Row = { id: number; integrationId: number; content: Buffer };

const mostBytes = 16_000_000;

@Injectable()
export class InboxRepository {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly vault: Vault,
  ) {}

  /** Tells whenever something may wait. */
  follow(onWaiting: () => void): Promise<Subscription> {
    return listen(this.pool, channels.webhookInbox, onWaiting, { onConnected: onWaiting });
  }

  /** Environments with waiting webhooks: one step along the index for each, however many wait. */
  async waitingEnvironments(): Promise<number[]> {
    const { rows } = await this.pool.query<{ id: number }>(
      `WITH RECURSIVE env (id) AS (
         (SELECT environment_id FROM webhook_inbox WHERE routed_at IS NULL ORDER BY environment_id LIMIT 1)
         UNION ALL
         SELECT (SELECT w.environment_id FROM webhook_inbox w WHERE w.routed_at IS NULL AND w.environment_id > env.id ORDER BY w.environment_id LIMIT 1)
         FROM env WHERE env.id IS NOT NULL
       ) SELECT id FROM env WHERE id IS NOT NULL`,
    );
    return rows.map(({ id }) => id);
  }

  /** How many webhook scripts of an environment have not ended. */
  async openRuns(environmentId: number): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      `SELECT count(*) AS count FROM execution WHERE environment_id = $1 AND kind = 'webhook' AND status IN ('queued', 'running', 'parked')`,
      [environmentId],
    );
    return rows[0]?.count ?? 0;
  }

  /** The oldest webhooks of an environment, as many as memory likes; nobody else gets them while the transaction lasts. */
  async claim(client: Queryable, environmentId: number, limit: number): Promise<WaitingWebhook[]> {
    const { rows } = await client.query<Row>(
      `SELECT id, integration_id AS "integrationId", content
       FROM (
         SELECT *, sum(octet_length(content)) OVER (ORDER BY id) - octet_length(content) AS before
         FROM (SELECT * FROM webhook_inbox WHERE environment_id = $1 AND routed_at IS NULL ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED) w
       ) w WHERE before < $3 ORDER BY id`,
      [environmentId, limit, mostBytes],
    );
    return Promise.all(rows.map(async (row) => ({ ...row, content: await this.open(environmentId, row.content) })));
  }

  async markRouted(client: Queryable, environmentId: number, ids: number[]): Promise<void> {
    await client.query(`UPDATE webhook_inbox SET routed_at = now() WHERE environment_id = $1 AND id = ANY($2::bigint[])`, [environmentId, ids]);
  }

  /** Forgets what was routed long ago; until then a repeat of it is known as one. */
  async prune(olderThanDays: number): Promise<void> {
    await this.pool.query(
      `DELETE FROM webhook_inbox WHERE id IN (
         SELECT id FROM webhook_inbox WHERE routed_at IS NOT NULL AND received_at < now() - make_interval(days => $1) ORDER BY received_at LIMIT 10000)`,
      [olderThanDays],
    );
  }

  // One that is damaged must not keep those behind it waiting.
  private async open(environmentId: number, content: Buffer): Promise<InboxWebhook | null> {
    try {
      const plain = await this.vault.open(environmentId, purposes.webhookContent, content);
      return InboxWebhook.parse(JSON.parse(Buffer.from(plain).toString()));
    } catch {
      return null;
    }
  }
}
