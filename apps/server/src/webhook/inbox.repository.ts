import { Inject, Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import { type Pool, POOL } from 'database';
import { channels, type InboxWebhook } from 'model';

/** A webhook to keep. `key` is the same for each repeat of it. */
export type NewWebhook = { environmentId: number; integrationId: number; key: string; content: InboxWebhook };

/** A {@link NewWebhook} as the table holds it. */
export type SealedWebhook = Omit<NewWebhook, 'content'> & { content: Buffer };

/** Keys that were made from the body alone start so. */
export const bodyKeyPrefix = 'sha256:';

@Injectable()
export class InboxRepository {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly vault: Vault,
  ) {}

  async seal({ content, ...webhook }: NewWebhook): Promise<SealedWebhook> {
    const sealed = await this.vault.seal(webhook.environmentId, purposes.webhookContent, Buffer.from(JSON.stringify(content)));
    return { ...webhook, content: Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength) };
  }

  /**
   * Keeps webhooks and tells the orchestrator, in one statement; what is known already stays as it is.
   * A body that comes again after an hour is another event: some providers send nothing but "something has changed".
   */
  async add(webhooks: SealedWebhook[]): Promise<void> {
    // All writers in the same order: nobody waits for somebody who waits for them.
    const rows = webhooks.toSorted((a, b) => a.integrationId - b.integrationId || (a.key < b.key ? -1 : 1));
    await this.pool.query({
      name: 'webhook_inbox_add',
      text: insertion,
      values: [
        rows.map(({ environmentId }) => environmentId),
        rows.map(({ integrationId }) => integrationId),
        rows.map(({ key }) => key),
        rows.map(({ content }) => content),
        channels.webhookInbox,
      ],
    });
  }
}

const insertion = `
  WITH kept AS (
    INSERT INTO webhook_inbox AS w (environment_id, integration_id, key, content)
    SELECT * FROM unnest($1::int[], $2::int[], $3::text[], $4::bytea[])
    ON CONFLICT (integration_id, key) DO UPDATE SET content = excluded.content, received_at = now(), routed_at = NULL
      WHERE w.key LIKE '${bodyKeyPrefix}%' AND w.routed_at IS NOT NULL AND w.received_at < now() - interval '1 hour'
    RETURNING 1
  ) SELECT pg_notify($5, '') FROM kept LIMIT 1`;
