import { Injectable } from '@nestjs/common';
import type { Queryable } from 'database';
import type { ConnectionMatch } from 'model';

/** Where an integration's webhooks go beside its scripts. */
export type WebhookPlace = { environmentId: number; integrationId: number; providerConfigKey: string; provider: string; forwardUrls: string[] };

/** A connection that a webhook concerns; `name` is the product's. */
export type ConcernedConnection = { id: number; name: string };

/** A sync that subscribes to a webhook, on one connection. */
export type SubscribedSync = { syncId: string; connectionId: number; scriptVersionId: number };

/** Whom a webhook concerns. */
@Injectable()
export class ConcernedRepository {
  /** Null for an integration that was deleted meanwhile. */
  async place(client: Queryable, environmentId: number, integrationId: number): Promise<WebhookPlace | null> {
    const { rows } = await client.query<WebhookPlace>(
      `SELECT i.environment_id AS "environmentId", i.id AS "integrationId", i.unique_key AS "providerConfigKey", i.provider,
         CASE WHEN i.forward_webhooks THEN array_remove(ARRAY[env.webhook_url, env.webhook_url_secondary], NULL) ELSE '{}' END AS "forwardUrls"
       FROM integration i JOIN environment env ON env.id = i.environment_id
       WHERE i.id = $2 AND i.environment_id = $1 AND i.unique_key NOT LIKE '#deleted%'`,
      [environmentId, integrationId],
    );
    return rows[0] ?? null;
  }

  async connections(client: Queryable, { environmentId, integrationId }: WebhookPlace, match: ConnectionMatch): Promise<ConcernedConnection[]> {
    const condition = conditionOf(match);
    if (!condition) return [];
    const { rows } = await client.query<ConcernedConnection>(
      `SELECT c.id, c.connection_id AS name FROM connection c
       WHERE c.environment_id = $1 AND c.integration_id = $2 AND c.deleted_at IS NULL AND c.pending_since IS NULL AND ${condition.sql} ORDER BY c.id`,
      [environmentId, integrationId, ...condition.values],
    );
    return rows;
  }

  /** Of an integration's enabled syncs those that subscribe to one of the types, once for each connection. */
  async syncs(client: Queryable, { environmentId, integrationId }: WebhookPlace, types: string[], connectionIds: number[]): Promise<SubscribedSync[]> {
    if (connectionIds.length === 0) return [];
    const { rows } = await client.query<SubscribedSync>(
      `SELECT y.id AS "syncId", y.connection_id AS "connectionId", v.id AS "scriptVersionId"
       FROM script s
       JOIN script_version v ON v.id = s.active_version_id AND v.webhook_subscriptions && $3::text[]
       JOIN sync y ON y.script_id = s.id AND y.environment_id = s.environment_id AND y.variant = 'base' AND y.state <> 'deleted' AND y.connection_id = ANY($4::int[])
       WHERE s.environment_id = $1 AND s.integration_id = $2 AND s.type = 'sync' AND s.enabled
       ORDER BY y.connection_id, s.id`,
      [environmentId, integrationId, ['*', ...types], connectionIds],
    );
    return rows;
  }
}

function conditionOf(match: ConnectionMatch): { sql: string; values: unknown[] } | null {
  switch (match.by) {
    case 'all':
      return { sql: 'true', values: [] };
    case 'none':
      return null;
    case 'connectionId':
      return { sql: 'c.connection_id = $3', values: [match.value] };
    case 'metadata':
      return { sql: 'c.metadata #>> $4::text[] = $3', values: [match.value, match.path] };
    case 'config':
      return { sql: 'c.connection_config ->> $4 = $3', values: [match.value, match.name] };
  }
}
