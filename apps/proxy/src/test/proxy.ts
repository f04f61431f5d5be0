import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { keyringFrom, purposes, Vault } from 'credentials';
import { openPool, type Pool } from 'database';
import { unpack } from 'journal';
import type { Credentials } from 'model';
import { loadConfig, type RunningService, serviceToken } from 'service';
import { freshDatabase, type TestDatabase } from 'stack/testing';
import { ProxyConfig } from '../config.js';
import { startProxy } from '../start-proxy.js';
import { Upstream } from './upstream.js';

type EnvironmentName = 'dev' | 'prod';
type ConnectionOptions = {
  environment?: EnvironmentName;
  provider?: string;
  credentials?: Credentials;
  connectionConfig?: Record<string, string>;
  oauthClient?: { id: string; secret: string };
};
export type TestConnection = { id: number; connectionId: string; providerConfigKey: string; environment: EnvironmentName };

type Environments = Record<EnvironmentName, { id: number; secretKey: string }>;
type Parts = { service: RunningService; upstream: Upstream; pool: Pool; vault: Vault; environments: Environments; config: ProxyConfig; database: TestDatabase };

/** A running proxy with a database, two environments and an upstream of its own. */
export class TestProxy {
  readonly url: string;
  readonly upstream: Upstream;
  readonly pool: Pool;
  readonly environments: Environments;

  private constructor(private readonly parts: Parts) {
    this.url = parts.service.url;
    this.upstream = parts.upstream;
    this.pool = parts.pool;
    this.environments = parts.environments;
  }

  /** May call its upstream, and what `settings` allow beside it; nothing else inside. */
  static async start(settings: Record<string, string> = {}): Promise<TestProxy> {
    const [database, upstream] = await Promise.all([freshDatabase(), Upstream.start()]);
    const [encryptionKey, internalKey] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const pool = openPool(database.url);
    const vault = new Vault(pool, keyringFrom(encryptionKey));
    const environments = await insertEnvironments(pool, vault);
    const config = loadConfig(ProxyConfig, {
      NANGO_DATABASE_URL: database.url,
      NANGO_ENCRYPTION_KEY: encryptionKey,
      NANGO_INTERNAL_KEY: internalKey,
      ...settings,
      NANGO_EGRESS_ALLOW: `${new URL(upstream.url).host},${settings['NANGO_EGRESS_ALLOW'] ?? ''}`,
      PROXY_PORT: '0',
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'fatal',
    });
    const service = await startProxy(config);
    return new TestProxy({ service, upstream, pool, vault, environments, config, database });
  }

  async stop(): Promise<void> {
    const { service, upstream, pool, database } = this.parts;
    await service.close();
    await upstream.stop();
    await pool.end();
    await database.drop();
  }

  /** Ends the proxy and leaves its database and upstream to proxies of the test's own. */
  standAside(): Promise<void> {
    return this.parts.service.close();
  }

  /** Another process, as it were: the same settings, a memory of its own. */
  aTwin(): Promise<RunningService> {
    return startProxy(this.parts.config);
  }

  /** A connection to the upstream: `private-api-bearer` with key `key` unless told otherwise. */
  async aConnection(options: ConnectionOptions = {}): Promise<TestConnection> {
    const { environment = 'dev', provider = 'private-api-bearer', credentials = { type: 'API_KEY', apiKey: 'key' } } = options;
    const environmentId = this.environments[environment].id;
    const [providerConfigKey, connectionId] = [`${provider}-${randomUUID()}`, randomUUID()];
    const secret = options.oauthClient ? await this.parts.vault.sealText(environmentId, purposes.integrationClientSecret, options.oauthClient.secret) : null;
    const integration = await this.pool.query<{ id: number }>(
      'INSERT INTO integration (environment_id, unique_key, provider, oauth_client_id, oauth_client_secret) VALUES ($1, $2, $3, $4, $5) RETURNING id',
      [environmentId, providerConfigKey, provider, options.oauthClient?.id ?? null, secret],
    );
    const { rows } = await this.pool.query<{ id: number }>(
      `INSERT INTO connection (environment_id, integration_id, connection_id, credentials, credential_expires_at, connection_config, metadata)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
      [
        environmentId,
        integration.rows[0]?.id,
        connectionId,
        await this.seal(environment, credentials),
        credentials.type === 'OAUTH2' ? credentials.expires_at : null,
        options.connectionConfig ?? { baseUrl: this.upstream.url },
        { plan: 'pro' },
      ],
    );
    return { id: rows[0]?.id ?? 0, connectionId, providerConfigKey, environment };
  }

  /** Replaces a connection's credential, as an import does, and tells of it. */
  async replaceCredential({ id, environment }: TestConnection, credentials: Credentials): Promise<void> {
    await this.pool.query('UPDATE connection SET credentials = $2, credential_version = credential_version + 1 WHERE id = $1', [
      id,
      await this.seal(environment, credentials),
    ]);
    await this.pool.query(`SELECT pg_notify('configuration', $1)`, [`connection:${id}`]);
  }

  get databaseUrl(): string {
    return this.parts.database.url;
  }

  /** As another process is given them. */
  get settings(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.parts.config).map(([name, value]) => [name, String(value)]));
  }

  /** The token of an execution that runs a script on this connection. */
  async anExecution(connection: TestConnection): Promise<{ id: string; token: string }> {
    const [id, token] = [randomUUID(), `exe_${randomBytes(32).toString('base64url')}`];
    await this.pool.query(
      `INSERT INTO execution (id, environment_id, kind, status, connection_id, script_version_id, operation_id, generation, token_hash)
       VALUES ($1, $2, 'sync', 'running', $3, 1, $4, 1, $5)`,
      [id, this.environments[connection.environment].id, connection.id, randomUUID(), createHash('sha256').update(token).digest()],
    );
    return { id, token };
  }

  /** Sets where an environment's calls may go, as the settings do, and tells of it. */
  async setEgress(environment: EnvironmentName, { allow = [], deny = [] }: { allow?: string[]; deny?: string[] }): Promise<void> {
    const { id } = this.environments[environment];
    await this.pool.query('UPDATE environment SET egress_allow = $2, egress_deny = $3 WHERE id = $1', [id, allow, deny]);
    await this.pool.query(`SELECT pg_notify('configuration', $1)`, [`environment:${id}`]);
  }

  /** What the journal keeps of a call, opened. */
  async recorded({ environment }: TestConnection, call: string): Promise<string> {
    const { rows } = await this.pool.query<{ result: Buffer }>('SELECT result FROM journal_entry WHERE call = $1', [call]);
    const opened = await this.parts.vault.open(this.environments[environment].id, purposes.journalResult, rows[0]?.result ?? Buffer.alloc(0));
    return Buffer.from(await unpack(opened)).toString();
  }

  /** A call through `/proxy` for a connection, with its environment's key. */
  call(connection: TestConnection, path: string, init: RequestInit & { duplex?: 'half' } = {}, url = this.url): Promise<Response> {
    const names = { 'connection-id': connection.connectionId, 'provider-config-key': connection.providerConfigKey };
    const authorization = `Bearer ${this.environments[connection.environment].secretKey}`;
    return fetch(`${url}/proxy${path}`, { ...init, headers: { ...names, authorization, ...(init.headers as Record<string, string> | undefined) } }); // plain objects throughout these tests
  }

  /** A request to an inside route. */
  inside(path: string, token: string, body: unknown): Promise<Response> {
    return fetch(`${this.url}/internal/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** Where the process's own connections to its database go. */
  get databasePort(): string {
    return new URL(this.parts.database.url).port || '5432';
  }

  serviceToken(role: Parameters<typeof serviceToken>[1]): string {
    return serviceToken(this.parts.config.NANGO_INTERNAL_KEY, role);
  }

  private seal(environment: EnvironmentName, credentials: Credentials): Promise<string> {
    return this.parts.vault.sealText(this.environments[environment].id, purposes.connectionCredentials, JSON.stringify(credentials));
  }
}

async function insertEnvironments(pool: Pool, vault: Vault): Promise<Environments> {
  const account = await pool.query<{ id: number }>(`INSERT INTO account (name) VALUES ('test') RETURNING id`);
  const insert = async (name: string): Promise<{ id: number; secretKey: string }> => {
    const secretKey = randomUUID();
    const { rows } = await pool.query<{ id: number }>(
      `INSERT INTO environment (account_id, name, secret_key_hash, secret_key, public_key) VALUES ($1, $2, $3, '', $4) RETURNING id`,
      [account.rows[0]?.id, name, createHash('sha256').update(secretKey).digest(), randomUUID()],
    );
    const id = rows[0]?.id ?? 0;
    await pool.query('UPDATE environment SET secret_key = $2 WHERE id = $1', [id, await vault.sealText(id, purposes.environmentSecretKey, secretKey)]);
    return { id, secretKey };
  };
  return { dev: await insert('dev'), prod: await insert('prod') };
}
