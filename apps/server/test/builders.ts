import { randomUUID } from 'node:crypto';
import { purposes } from 'credentials';
import type { Credentials } from 'model';
import type { TestServer } from './server.js';

type Where = { environment?: 'dev' | 'prod' };

/** An integration as it lies in the database. Provider `private-api-bearer` unless told otherwise. */
export async function anIntegration(
  server: TestServer,
  options: Where & { uniqueKey?: string; provider?: string } = {},
): Promise<{ id: number; uniqueKey: string }> {
  const { environment = 'dev', uniqueKey = `integration-${randomUUID().slice(0, 8)}`, provider = 'private-api-bearer' } = options;
  const data = { environmentId: server.environments[environment].id, uniqueKey, provider };
  return server.database.integration.create({ data, select: { id: true, uniqueKey: true } });
}

type ConnectionOptions = Where & {
  integrationId: number;
  connectionId?: string;
  credentials?: Credentials;
  metadata?: Record<string, string>;
  connectionConfig?: Record<string, string>;
};

/** A living connection of an integration, with an API key unless told otherwise; no syncs. */
export async function aConnection(server: TestServer, options: ConnectionOptions): Promise<{ id: number; connectionId: string }> {
  const { environment = 'dev', integrationId, connectionId = randomUUID(), metadata = {}, connectionConfig = {} } = options;
  const environmentId = server.environments[environment].id;
  const plain = JSON.stringify(options.credentials ?? { type: 'API_KEY', apiKey: 'key' });
  const credentials = await server.vault.sealText(environmentId, purposes.connectionCredentials, plain);
  const data = { environmentId, integrationId, connectionId, credentials, metadata, connectionConfig };
  return server.database.connection.create({ data, select: { id: true, connectionId: true } });
}

/** A deployed sync script; no sync rows. */
export async function aSyncScript(
  server: TestServer,
  options: Where & { integrationId: number; name?: string; autoStart?: boolean; runs?: string; models?: string[] },
): Promise<{ id: number; name: string }> {
  const { environment = 'dev', integrationId, name = `sync-${randomUUID().slice(0, 8)}`, autoStart = true, runs = 'every 1h', models = ['Task'] } = options;
  const environmentId = server.environments[environment].id;
  const deployment = await server.database.deployment.create({ data: { environmentId } });
  const script = await server.database.script.create({ data: { environmentId, integrationId, type: 'sync', name } });
  const version = await server.database.scriptVersion.create({
    data: { environmentId, scriptId: script.id, deploymentId: deployment.id, version: '1', bundleHash: 'none', runs, intervalMs: 3_600_000, autoStart, models },
  });
  return server.database.script.update({ where: { id: script.id }, data: { activeVersionId: version.id }, select: { id: true, name: true } });
}

/** A sync row of a connection, never run. */
export function aSync(server: TestServer, options: Where & { connectionId: number; scriptId: number; state?: string }): Promise<{ id: string }> {
  const { environment = 'dev', connectionId, scriptId, state = 'started' } = options;
  return server.database.sync.create({ data: { environmentId: server.environments[environment].id, connectionId, scriptId, state }, select: { id: true } });
}
