import { randomUUID } from 'node:crypto';
import { purposes } from '../vault/purposes.js';
import { insert, type TestVault } from './vault.js';

/** What every planted ciphertext holds. */
export const planted = 'planted';

/** A row in every table that holds ciphertext, and `connections` of them in `connection`. */
export async function plantSealedRows({ pool, vault }: TestVault, environment: number, connections: number): Promise<void> {
  const text = (purpose: string, plain = planted) => vault.sealText(environment, purpose, plain);
  const bytes = (purpose: string) => vault.seal(environment, purpose, Buffer.from(planted));
  const run = (sql: string, values: unknown[]) => pool.query(sql, [environment, ...values]);
  await run('UPDATE environment SET secret_key = $2, hmac_key = $3 WHERE id = $1', [
    await text(purposes.environmentSecretKey),
    await text(purposes.environmentHmacKey),
  ]);
  await run(`INSERT INTO environment_variable (environment_id, name, value) VALUES ($1, 'A', $2)`, [await text(purposes.environmentVariable)]);
  const integration = await insert(
    pool,
    `INSERT INTO integration (environment_id, unique_key, provider, oauth_client_secret, webhook_secret, previous_client_secret, app_key)
     VALUES ($1, 'i', 'github', $2, $3, $4, $5) RETURNING id`,
    [
      environment,
      await text(purposes.integrationClientSecret),
      await text(purposes.integrationWebhookSecret),
      await text(purposes.integrationClientSecret),
      await text(purposes.integrationAppKey),
    ],
  );
  await run(`INSERT INTO oauth_client (environment_id, integration_id, issuer, redirect_uri, client) VALUES ($1, $2, 'i', 'r', $3)`, [
    integration,
    await text(purposes.oauthClient),
  ]);
  await run(
    `INSERT INTO oauth_session (environment_id, id, integration_id, state_hash, cookie_hash, operation_id, details, expires_at)
     VALUES ($1, $2, $3, $4, $4, $2, $5, now() + interval '1 hour')`,
    [randomUUID(), integration, Buffer.from(randomUUID()), await text(purposes.oauthSession)],
  );
  const names = Array.from({ length: connections }, (_, index) => `${environment}-${index}`);
  const sealed = await Promise.all(names.map((name) => text(purposes.connectionCredentials, name)));
  const { rows } = await pool.query<{ id: number }>(
    'INSERT INTO connection (environment_id, integration_id, connection_id, credentials) SELECT $1, $2, * FROM unnest($3::text[], $4::text[]) RETURNING id',
    [environment, integration, names, sealed],
  );
  const connection = rows[0]?.id;
  const model = await insert(pool, `INSERT INTO record_model (environment_id, connection_id, model, hash_key) VALUES ($1, $2, 'M', $3) RETURNING id`, [
    environment,
    connection,
    await bytes(purposes.recordHashKey),
  ]);
  await run('INSERT INTO record_block (environment_id, model_id, block, living, slots, data) VALUES ($1, $2, 0, 1, 1, $3)', [
    model,
    await bytes(`${purposes.recordBlock}/${model}`),
  ]);
  const execution = randomUUID();
  await run(
    `INSERT INTO execution (environment_id, id, kind, connection_id, script_version_id, operation_id, input, output, error) VALUES ($1, $2, 'action', $3, 1, $2, $4, $5, $6)`,
    [execution, connection, await text(purposes.executionInput), await text(purposes.executionOutput), await text(purposes.executionError)],
  );
  await run(
    `INSERT INTO journal_entry (environment_id, execution_id, call, generation, state, result, chunks, tape) VALUES ($1, $2, 'c', 1, 'done', $3, 1, $4)`,
    [execution, await bytes(purposes.journalResult), await bytes(purposes.journalTape)],
  );
  await run(`INSERT INTO journal_chunk (environment_id, execution_id, call, chunk, data) VALUES ($1, $2, 'c', 1, $3)`, [
    execution,
    await bytes(purposes.journalResult),
  ]);
  await run(`INSERT INTO webhook_inbox (environment_id, integration_id, key, content) VALUES ($1, $2, 'k', $3)`, [
    integration,
    await bytes(purposes.webhookContent),
  ]);
  await run(`INSERT INTO outbox_event (environment_id, id, url, body, sealed) VALUES ($1, $2, 'http://a', $3, true), ($1, $4, 'http://a', '{}', false)`, [
    randomUUID(),
    await text(purposes.outboxBody),
    randomUUID(),
  ]);
  await run('INSERT INTO refresh_attempt (environment_id, id, connection_id, credential_version, response) VALUES ($1, $2, $3, 1, $4)', [
    randomUUID(),
    connection,
    await text(purposes.refreshResponse),
  ]);
}
