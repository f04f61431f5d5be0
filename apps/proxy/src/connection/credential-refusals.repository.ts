import { Inject, Injectable } from '@nestjs/common';
import { findConnection, reportFailure, Vault } from 'credentials';
import { type Pool, POOL, type PoolClient, transaction } from 'database';
import { channels } from 'model';
import type { ConnectionRow, CredentialRefusalState } from './target.js';

/** A version of a connection's credential. */
export type CredentialVersion = { connection: Pick<ConnectionRow, 'id' | 'environmentId' | 'providerConfigKey' | 'connectionId'>; credentialVersion: number };

/** What is remembered of refusals, in the connection's row: shared by all processes, and gone with the version that was refused. */
@Injectable()
export class CredentialRefusalRepository {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly vault: Vault,
  ) {}

  /** Changes what is remembered of a version; nothing happens where the credential has another one by now. Answers what is remembered then. */
  change(
    { connection: { id, environmentId }, credentialVersion }: CredentialVersion,
    next: (before: CredentialRefusalState | null) => CredentialRefusalState,
  ): Promise<CredentialRefusalState | null> {
    return transaction(this.pool, async (client) => {
      const { rows } = await client.query<{ refusals: CredentialRefusalState | null }>(
        'SELECT refusals FROM connection WHERE id = $1 AND environment_id = $2 AND credential_version = $3 AND deleted_at IS NULL FOR UPDATE',
        [id, environmentId, credentialVersion],
      );
      if (!rows[0]) return null;
      const state = next(rows[0].refusals);
      await client.query('UPDATE connection SET refusals = $3 WHERE id = $1 AND environment_id = $2', [id, environmentId, state]);
      await announce(client, id);
      return state;
    });
  }

  /** The API takes the credential again: what was said of it is over. */
  async clear({ connection: { id, environmentId }, credentialVersion }: CredentialVersion): Promise<void> {
    await transaction(this.pool, async (client) => {
      const { rows } = await client.query<{ refusals: CredentialRefusalState }>(
        'SELECT refusals FROM connection WHERE id = $1 AND environment_id = $2 AND credential_version = $3 AND refusals IS NOT NULL FOR UPDATE',
        [id, environmentId, credentialVersion],
      );
      if (!rows[0]) return;
      await client.query('UPDATE connection SET refusals = NULL WHERE id = $1 AND environment_id = $2', [id, environmentId]);
      if (rows[0].refusals.reported)
        await client.query(`DELETE FROM connection_error WHERE connection_id = $1 AND environment_id = $2 AND type = 'auth'`, [id, environmentId]);
      await announce(client, id);
    });
  }

  /** Makes the refusal seen: the log, the connection's standing problem, and a webhook to the product. */
  async report({ connection, credentialVersion }: CredentialVersion, reason: string): Promise<void> {
    const stored = await findConnection(this.pool, this.vault, connection);
    if (stored.version !== credentialVersion) return;
    await transaction(this.pool, (client) => reportFailure(client, stored, { kind: 'refused', reason, status: 401 }));
  }
}

async function announce(client: PoolClient, id: number): Promise<void> {
  await client.query('SELECT pg_notify($1, $2)', [channels.configuration, `connection:${id}`]);
}
