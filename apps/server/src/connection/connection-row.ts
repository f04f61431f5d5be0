import { type Connection, type ConnectionSummary, EndUser, Metadata } from 'model';

/** A connection as the database holds it, with its integration's names and its standing problems. */
export type ConnectionRow = {
  id: number;
  connectionId: string;
  integration: { uniqueKey: string; provider: string };
  problems: { type: string; operationId: string }[];
  metadata: unknown;
  connectionConfig: unknown;
  endUser: unknown;
  tags: unknown;
  createdAt: Date;
  updatedAt: Date;
  lastFetchedAt: Date | null;
};

export function toConnection(row: ConnectionRow): Connection {
  return {
    id: row.id,
    connection_id: row.connectionId,
    provider_config_key: row.integration.uniqueKey,
    provider: row.integration.provider,
    errors: row.problems.map(({ type, operationId }) => ({ type: type === 'sync' ? 'sync' : 'auth', log_id: operationId })),
    end_user: EndUser.nullable().catch(null).parse(row.endUser),
    tags: (row.tags ?? {}) as Record<string, string>, // checked when it was written
    metadata: Metadata.catch({}).parse(row.metadata),
    connection_config: Metadata.catch({}).parse(row.connectionConfig),
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    last_fetched_at: row.lastFetchedAt,
  };
}

/** The form of a connection in lists. */
export function toSummary(connection: Connection): ConnectionSummary {
  const { id, connection_id, provider, provider_config_key, metadata, errors, end_user, tags, created_at } = connection;
  return { id, connection_id, provider, provider_config_key, created: created_at.toISOString(), metadata, errors, end_user, tags };
}
