import type { Pool, Queryable } from 'database';
import { AppError, Credentials } from 'model';
import { purposes } from '../vault/purposes.js';
import type { Vault } from '../vault/vault.js';

/** Which connection: by its names within an environment. */
export type ConnectionName = { environmentId: number; providerConfigKey: string; connectionId: string };

/** A connection with its credential and its integration's client, opened. Holds secrets. */
export type StoredConnection = ConnectionName & {
  id: number;
  provider: string;
  connectionConfig: Record<string, unknown>;
  credentials: Credentials;
  version: number;
  client: { id: string; secret: string };
  state: RefreshState;
};

/** Where a connection's refresh stands, by the database's clock. */
export type RefreshState = { leased: boolean; lastFailure: Date | null; backingOff: boolean; failures: number };

type Row = {
  id: number | null;
  provider: string;
  connectionConfig: Record<string, unknown>;
  sealed: string;
  version: number;
  clientId: string | null;
  sealedSecret: string | null;
} & RefreshState;

const refreshState = `coalesce(c.lease_until > now(), false) as leased, c.last_refresh_failure as "lastFailure", c.refresh_failures as failures,
  coalesce(c.last_refresh_failure > now() - interval '30 seconds', false) as "backingOff"`;

/** @throws AppError `unknown_provider_config`, `unknown_connection`, `decryption_failed` */
export async function findConnection(pool: Pool, vault: Vault, name: ConnectionName): Promise<StoredConnection> {
  const { rows } = await pool.query<Row>(
    `select c.id, i.provider, c.connection_config as "connectionConfig", c.credentials as sealed, c.credential_version as version,
       i.oauth_client_id as "clientId", i.oauth_client_secret as "sealedSecret", ${refreshState}
     from integration i
     left join connection c on c.integration_id = i.id and c.environment_id = i.environment_id and c.connection_id = $3 and c.deleted_at is null
     where i.environment_id = $1 and i.unique_key = $2`,
    [name.environmentId, name.providerConfigKey, name.connectionId],
  );
  const [row] = rows;
  if (!row) throw new AppError('unknown_provider_config', { message: `There is no integration '${name.providerConfigKey}' in this environment` });
  if (row.id === null) throw new AppError('unknown_connection', { message: `There is no connection '${name.connectionId}' for '${name.providerConfigKey}'` });
  const { leased, lastFailure, backingOff, failures } = row;
  return {
    ...pickName(name),
    id: row.id,
    provider: row.provider,
    connectionConfig: row.connectionConfig,
    credentials: await openCredentials(vault, name.environmentId, row.sealed),
    version: row.version,
    client: {
      id: row.clientId ?? '',
      secret: row.sealedSecret ? await vault.openText(name.environmentId, purposes.integrationClientSecret, row.sealedSecret) : '',
    },
    state: { leased, lastFailure, backingOff, failures },
  };
}

/** The little that a waiting caller looks at again and again. Undefined when the connection is gone. */
export async function refreshStateOf(client: Queryable, { environmentId, id }: StoredConnection): Promise<(RefreshState & { version: number }) | undefined> {
  const { rows } = await client.query<RefreshState & { version: number }>(
    `select c.credential_version as version, ${refreshState} from connection c where c.id = $1 and c.environment_id = $2 and c.deleted_at is null`,
    [id, environmentId],
  );
  return rows[0];
}

/** Credentials as the column `connection.credentials` holds them. */
export function sealCredentials(vault: Vault, environmentId: number, credentials: Credentials): Promise<string> {
  return vault.sealText(environmentId, purposes.connectionCredentials, JSON.stringify(credentials));
}

/** What {@link sealCredentials} sealed. @throws AppError `decryption_failed` */
export async function openCredentials(vault: Vault, environmentId: number, sealed: string): Promise<Credentials> {
  return Credentials.parse(JSON.parse(await vault.openText(environmentId, purposes.connectionCredentials, sealed)));
}

function pickName({ environmentId, providerConfigKey, connectionId }: ConnectionName): ConnectionName {
  return { environmentId, providerConfigKey, connectionId };
}
