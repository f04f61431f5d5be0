import type { AuthorizationClient } from 'authorization';
import type { Pool, Queryable } from 'database';
import { AppError, AppKey, type Credentials } from 'model';
import { findProvider, integrationProvider, type Provider } from 'providers';
import { openCredentials } from '../vault/connection-credentials.js';
import { purposes } from '../vault/purposes.js';
import type { Vault } from '../vault/vault.js';
import { isLapsed } from './lapsed-lease.js';

/** Which connection: by its names within an environment. */
export type ConnectionName = { environmentId: number; providerConfigKey: string; connectionId: string };

/** A connection with its credential and its integration's client, opened. Holds secrets. */
export type StoredConnection = ConnectionName & {
  id: number;
  integrationId: number;
  provider: string;
  /** The integration's own values of the provider's entry. */
  integrationConfig: Record<string, unknown>;
  connectionConfig: Record<string, unknown>;
  credentials: Credentials;
  version: number;
  issuedAt: Date | null;
  client: AuthorizationClient;
  state: RefreshState;
};

/** Where a connection's refresh stands, by the database's clock. `lapsed`: the lease was not given back, and its time or its holder has ended. */
export type RefreshState = { leased: boolean; lapsed: boolean; lastFailure: Date | null; backingOff: boolean; failures: number };

type Row = {
  id: number | null;
  integrationId: number;
  provider: string;
  integrationConfig: Record<string, unknown>;
  connectionConfig: Record<string, unknown>;
  sealed: string;
  version: number;
  issuedAt: Date | null;
} & ClientRow &
  RefreshState;

type ClientRow = {
  clientId: string | null;
  scopes: string | null;
  sealedSecret: string | null;
  sealedPreviousSecret: string | null;
  sealedAppKey: string | null;
};

const clientColumns = `i.oauth_client_id as "clientId", i.oauth_scopes as scopes, i.oauth_client_secret as "sealedSecret", i.app_key as "sealedAppKey",
  case when i.previous_client_secret_until > now() then i.previous_client_secret end as "sealedPreviousSecret"`;

// A lease without a token is a back-off.
const refreshState = `coalesce(c.lease_until > now() and c.lease_token is not null, false) as leased,
  ${isLapsed} as lapsed, c.last_refresh_failure as "lastFailure",
  c.refresh_failures as failures, coalesce(c.lease_until > now() and c.lease_token is null, false) as "backingOff"`;

/** @throws AppError `unknown_provider_config`, `unknown_connection`, `decryption_failed` */
export async function findConnection(pool: Pool, vault: Vault, name: ConnectionName): Promise<StoredConnection> {
  const { rows } = await pool.query<Row>(
    `select c.id, i.id as "integrationId", i.provider, i.config as "integrationConfig", c.connection_config as "connectionConfig", c.credentials as sealed,
       c.credential_version as version, c.credential_issued_at as "issuedAt", ${clientColumns}, ${refreshState}
     from integration i
     left join connection c on c.integration_id = i.id and c.environment_id = i.environment_id and c.connection_id = $3 and c.deleted_at is null
     where i.environment_id = $1 and i.unique_key = $2`,
    [name.environmentId, name.providerConfigKey, name.connectionId],
  );
  const [row] = rows;
  if (!row) throw unknownIntegration(name.providerConfigKey);
  if (row.id === null) throw new AppError('unknown_connection', { message: `There is no connection '${name.connectionId}' for '${name.providerConfigKey}'` });
  const { leased, lapsed, lastFailure, backingOff, failures, provider, integrationConfig, connectionConfig, version, issuedAt } = row;
  return {
    ...pickName(name),
    id: row.id,
    integrationId: row.integrationId,
    provider,
    integrationConfig,
    connectionConfig,
    version,
    issuedAt,
    credentials: await openCredentials(vault, { ...name, integrationId: row.integrationId }, row.sealed),
    client: await openClient(vault, name.environmentId, row),
    state: { leased, lapsed, lastFailure, backingOff, failures },
  };
}

/** What an integration's view of its provider's entry depends on. */
type Configured = Pick<StoredConnection, 'provider' | 'integrationConfig' | 'providerConfigKey'>;

/**
 * The catalogue's entry as the connection's integration sees it.
 *
 * @throws AppError `unknown_provider_template_in_config`, `invalid_integration_config`
 */
export function providerOf({ provider: name, integrationConfig, providerConfigKey }: Configured): Provider {
  const provider = findProvider(name);
  if (!provider) throw new AppError('unknown_provider_template_in_config', { message: `The catalogue has no provider '${name}'` });
  try {
    return integrationProvider(provider, integrationConfig);
  } catch (cause) {
    throw new AppError('invalid_integration_config', { message: `The configuration of '${providerConfigKey}' does not fit its provider`, cause });
  }
}

/** The little that a waiting caller looks at again and again. Undefined when the connection is gone. */
export async function refreshStateOf(client: Queryable, { environmentId, id }: StoredConnection): Promise<(RefreshState & { version: number }) | undefined> {
  const { rows } = await client.query<RefreshState & { version: number }>(
    `select c.credential_version as version, ${refreshState} from connection c where c.id = $1 and c.environment_id = $2 and c.deleted_at is null`,
    [id, environmentId],
  );
  return rows[0];
}

async function openClient(
  vault: Vault,
  environmentId: number,
  { clientId, scopes, sealedSecret, sealedPreviousSecret, sealedAppKey }: ClientRow,
): Promise<AuthorizationClient> {
  const open = (purpose: string, sealed: string | null): Promise<string> | undefined => (sealed ? vault.openText(environmentId, purpose, sealed) : undefined);
  const app = await open(purposes.integrationAppKey, sealedAppKey);
  return {
    id: clientId ?? '',
    secret: (await open(purposes.integrationClientSecret, sealedSecret)) ?? '',
    previousSecret: await open(purposes.integrationClientSecret, sealedPreviousSecret),
    scopes: (scopes ?? '').split(',').flatMap((scope) => scope.trim() || []),
    app: app === undefined ? undefined : AppKey.parse(JSON.parse(app)),
  };
}

function unknownIntegration(providerConfigKey: string): AppError {
  return new AppError('unknown_provider_config', { message: `There is no integration '${providerConfigKey}' in this environment` });
}

function pickName({ environmentId, providerConfigKey, connectionId }: ConnectionName): ConnectionName {
  return { environmentId, providerConfigKey, connectionId };
}
