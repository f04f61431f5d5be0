import { randomUUID } from 'node:crypto';
import type { Pool, Sealer } from 'database';
import type { TextSealer } from '../postgres/index.js';

/** Turns text round, so that a test sees what was sealed and for what. */
export const reversing: TextSealer = {
  sealText: async (environmentId, purpose, text) => `${environmentId}|${purpose}|${[...text].toReversed().join('')}`,
  openText: async (environmentId, purpose, sealed) => {
    const [environment, usedFor, ...rest] = sealed.split('|');
    if (environment !== String(environmentId) || usedFor !== purpose) throw new Error('sealed for something else');
    return [...rest.join('|')].toReversed().join('');
  },
};

/** One environment with an integration, a connection, and a script of the kind with one version. */
export async function aScript(pool: Pool, { type = 'sync', name = 'tasks' }: { type?: 'sync' | 'action'; name?: string } = {}) {
  const account = await id(pool, `INSERT INTO account (name) VALUES ('a') RETURNING id`);
  const environmentId = await id(
    pool,
    `INSERT INTO environment (account_id, name, secret_key_hash, secret_key, public_key) VALUES ($1, $2, $3, 'x', $4) RETURNING id`,
    [account, randomUUID(), Buffer.from(randomUUID()), randomUUID()],
  );
  const integration = await id(pool, `INSERT INTO integration (environment_id, unique_key, provider) VALUES ($1, 'asana-dev', 'asana') RETURNING id`, [
    environmentId,
  ]);
  const connectionId = await id(
    pool,
    `INSERT INTO connection (environment_id, integration_id, connection_id, credentials) VALUES ($1, $2, 'c1', 'x') RETURNING id`,
    [environmentId, integration],
  );
  const scriptId = await id(pool, `INSERT INTO script (environment_id, integration_id, type, name) VALUES ($1, $2, $3, $4) RETURNING id`, [
    environmentId,
    integration,
    type,
    name,
  ]);
  const deployment = await id(pool, `INSERT INTO deployment (environment_id) VALUES ($1) RETURNING id`, [environmentId]);
  const scriptVersionId = await id(
    pool,
    `INSERT INTO script_version (environment_id, script_id, deployment_id, version, bundle_hash, interval_ms, models) VALUES ($1, $2, $3, '1', 'h', 1800000, '{Task}') RETURNING id`,
    [environmentId, scriptId, deployment],
  );
  await pool.query(`UPDATE script SET active_version_id = $2 WHERE id = $1`, [scriptId, scriptVersionId]);
  return { environmentId, connectionId, scriptId, scriptVersionId };
}

/** A sync of {@link aScript}. */
export async function aSync(pool: Pool) {
  const script = await aScript(pool);
  const { rows } = await pool.query<{ id: string }>(`INSERT INTO sync (environment_id, connection_id, script_id) VALUES ($1, $2, $3) RETURNING id`, [
    script.environmentId,
    script.connectionId,
    script.scriptId,
  ]);
  return { ...script, syncId: rows[0]?.id ?? '' };
}

async function id(pool: Pool, sql: string, values: unknown[] = []): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(sql, values);
  return rows[0]?.id ?? 0;
}

/** Marks bytes with whose they are and what for, and refuses those of another. */
export const marking: Sealer = {
  seal: async (environmentId, purpose, plain) => Buffer.concat([Buffer.from(`${environmentId}|${purpose}|`), plain]),
  open: async (environmentId, purpose, sealed) => {
    const mark = Buffer.from(`${environmentId}|${purpose}|`);
    if (!mark.equals(sealed.subarray(0, mark.byteLength))) throw new Error('sealed for something else');
    return sealed.subarray(mark.byteLength);
  },
};
