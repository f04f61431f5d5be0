import { randomUUID } from 'node:crypto';
import { purposes } from 'credentials';
import type { TestPlatform } from './platform.js';

type Database = Pick<TestPlatform, 'pool' | 'vault'>;

/** What the rows of a test are made with, where it matters. */
export type ScriptOptions = {
  type?: 'sync' | 'action' | 'on-event';
  name?: string;
  models?: string[];
  trackDeletes?: boolean;
  syncType?: string;
  intervalMs?: number | null;
  code?: string;
  webhookUrl?: string | null;
  always?: boolean;
  onError?: boolean;
  attributes?: object;
  webhookSubscriptions?: string[];
};

/** One environment with an integration, a connection `c1`, and a script with one version. */
export async function aScript({ pool, vault }: Database, options: ScriptOptions = {}) {
  const { type = 'sync', name = 'tasks', models = ['Task'], trackDeletes = false, syncType = 'full', intervalMs = 3_600_000, code = 'the code' } = options;
  const id = async (sql: string, values: unknown[]): Promise<number> => (await pool.query<{ id: number }>(sql, values)).rows[0]?.id ?? 0;
  const secretKey = randomUUID();
  const account = await id(`INSERT INTO account (name) VALUES ($1) RETURNING id`, ['a']);
  const environmentId = await id(
    `INSERT INTO environment (account_id, name, secret_key_hash, secret_key, public_key, webhook_url, on_sync_completion_always, on_sync_error)
     VALUES ($1, 'dev', $2, '', $3, $4, $5, $6) RETURNING id`,
    [account, Buffer.from(secretKey), randomUUID(), options.webhookUrl ?? null, options.always ?? false, options.onError ?? false],
  );
  await pool.query(`UPDATE environment SET secret_key = $2 WHERE id = $1`, [
    environmentId,
    await vault.sealText(environmentId, purposes.environmentSecretKey, secretKey),
  ]);
  const integrationId = await id(`INSERT INTO integration (environment_id, unique_key, provider) VALUES ($1, 'asana-dev', 'asana') RETURNING id`, [
    environmentId,
  ]);
  const connectionId = await id(`INSERT INTO connection (environment_id, integration_id, connection_id, credentials) VALUES ($1, $2, 'c1', 'x') RETURNING id`, [
    environmentId,
    integrationId,
  ]);
  const scriptId = await id(`INSERT INTO script (environment_id, integration_id, type, name) VALUES ($1, $2, $3, $4) RETURNING id`, [
    environmentId,
    integrationId,
    type,
    name,
  ]);
  const deployment = await id(`INSERT INTO deployment (environment_id) VALUES ($1) RETURNING id`, [environmentId]);
  await pool.query(`INSERT INTO bundle (environment_id, hash, code) VALUES ($1, 'hash', $2)`, [environmentId, code]);
  const scriptVersionId = await id(
    `INSERT INTO script_version (environment_id, script_id, deployment_id, version, bundle_hash, interval_ms, models, track_deletes, sync_type, attributes, webhook_subscriptions)
     VALUES ($1, $2, $3, '1', 'hash', $4, $5, $6, $7, $8, $9) RETURNING id`,
    [
      environmentId,
      scriptId,
      deployment,
      intervalMs,
      models,
      trackDeletes,
      syncType,
      JSON.stringify(options.attributes ?? {}),
      options.webhookSubscriptions ?? [],
    ],
  );
  await pool.query(`UPDATE script SET active_version_id = $2 WHERE id = $1`, [scriptId, scriptVersionId]);
  return { environmentId, integrationId, connectionId, scriptId, scriptVersionId, secretKey };
}

/** A sync as the server writes it: the row, and the word that it has changed. */
export async function aSync(platform: Database, options: ScriptOptions & { state?: 'started' | 'paused'; variant?: string } = {}) {
  const script = await aScript(platform, options);
  const { rows } = await platform.pool.query<{ id: string }>(
    `WITH made AS (INSERT INTO sync (environment_id, connection_id, script_id, state, variant) VALUES ($1, $2, $3, $4, $5) RETURNING id)
     SELECT id, pg_notify('sync_schedule', id::text) FROM made`,
    [script.environmentId, script.connectionId, script.scriptId, options.state ?? 'started', options.variant ?? 'base'],
  );
  return { ...script, syncId: rows[0]?.id ?? '' };
}

/** Changes a sync's row as the server does, with its revision and its notice. */
export async function changeSync({ pool }: Pick<Database, 'pool'>, syncId: string, change: string): Promise<void> {
  await pool.query(`UPDATE sync SET ${change}, schedule_revision = schedule_revision + 1 WHERE id = $1`, [syncId]);
  await pool.query(`SELECT pg_notify('sync_schedule', $1)`, [syncId]);
}
