import { Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import type { Queryable } from 'database';
import { channels, type SealedDelivery } from 'model';
import { randomUUID } from 'node:crypto';

/** A webhook as the team's log tells of it: no script ran for it, or it was forwarded. */
export type WebhookNote = { operationId: string; integration: string; connectionId: string | null; title: string; message: string };

/** A webhook to the product, of one note. */
export type Forward = SealedDelivery & { operationId: string; url: string };

/** What routing leaves behind beside runs. */
@Injectable()
export class RoutedRepository {
  constructor(private readonly vault: Vault) {}

  async addNotes(client: Queryable, environmentId: number, notes: WebhookNote[]): Promise<void> {
    if (notes.length === 0) return;
    await client.query(
      `WITH note AS (SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[]) AS n (id, integration, connection, title, message)),
       added AS (
         INSERT INTO operation (id, environment_id, kind, title, status, integration, connection_id, ended_at)
         SELECT id, $1, 'webhook', title, 'success', integration, nullif(connection, ''), now() FROM note
       )
       INSERT INTO operation_message (operation_id, environment_id, at, level, message) SELECT id, $1, now(), 'info', message FROM note`,
      [
        environmentId,
        notes.map(({ operationId }) => operationId),
        notes.map(({ integration }) => integration),
        notes.map(({ connectionId }) => connectionId ?? ''),
        notes.map(({ title }) => title),
        notes.map(({ message }) => message),
      ],
    );
  }

  async addForwards(client: Queryable, environmentId: number, forwards: Forward[]): Promise<void> {
    if (forwards.length === 0) return;
    const seal = ({ body, headers }: Forward) => this.vault.sealText(environmentId, purposes.outboxBody, JSON.stringify({ body, headers }));
    await client.query(
      `INSERT INTO outbox_event (id, environment_id, operation_id, url, body, sealed)
       SELECT f.id, $1, f.operation_id, f.url, f.body, true FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) AS f (id, operation_id, url, body)`,
      [
        environmentId,
        forwards.map(() => randomUUID()),
        forwards.map(({ operationId }) => operationId),
        forwards.map(({ url }) => url),
        await Promise.all(forwards.map(seal)),
      ],
    );
    await client.query(`SELECT pg_notify($1, '')`, [channels.outbox]);
  }
}
