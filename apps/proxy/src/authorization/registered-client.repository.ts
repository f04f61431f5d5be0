import { Inject, Injectable } from '@nestjs/common';
import type { RegisteredClient } from 'authorization';
import { purposes, Vault } from 'credentials';
import { type Pool, POOL } from 'database';

/** Which registration: an integration's at one authorization server, for one redirect URI. */
export type Registration = { environmentId: number; integrationId: number; issuer: string; redirectUri: string };

/** Clients that were registered at authorization servers (RFC 7591), kept sealed. */
@Injectable()
export class RegisteredClientRepository {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly vault: Vault,
  ) {}

  async find({ environmentId, integrationId, issuer, redirectUri }: Registration): Promise<RegisteredClient | undefined> {
    const { rows } = await this.pool.query<{ client: string }>(
      'SELECT client FROM oauth_client WHERE environment_id = $1 AND integration_id = $2 AND issuer = $3 AND redirect_uri = $4',
      [environmentId, integrationId, issuer, redirectUri],
    );
    const [row] = rows;
    // Sealed by `add`, as a RegisteredClient.
    return row && (JSON.parse(await this.vault.openText(environmentId, purposes.oauthClient, row.client)) as RegisteredClient);
  }

  /** The client that counts: of two that were registered at the same time, the first. */
  async add(registration: Registration, client: RegisteredClient): Promise<RegisteredClient> {
    const { environmentId, integrationId, issuer, redirectUri } = registration;
    const sealed = await this.vault.sealText(environmentId, purposes.oauthClient, JSON.stringify(client));
    await this.pool.query(
      `INSERT INTO oauth_client (environment_id, integration_id, issuer, redirect_uri, client) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [environmentId, integrationId, issuer, redirectUri, sealed],
    );
    return (await this.find(registration)) ?? client;
  }
}
