import { Inject, Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import { type Pool, POOL } from 'database';
import { findProvider } from 'providers';

/** The integration that a webhook is addressed to, with what its provider signs with. Holds a secret. */
export type WebhookTarget = { environmentId: number; integrationId: number; provider: string; secret: string | null };

type Row = { environmentId: number; integrationId: number | null; provider: string; webhookSecret: string | null; clientSecret: string | null };

@Injectable()
export class WebhookTargetRepository {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly vault: Vault,
  ) {}

  /** `unknown_environment` or `unknown_provider_config` where there is no such address. */
  async find(environmentUuid: string, providerConfigKey: string): Promise<WebhookTarget | 'unknown_environment' | 'unknown_provider_config'> {
    const { rows } = await this.pool.query<Row>(
      `SELECT env.id AS "environmentId", i.id AS "integrationId", i.provider, i.webhook_secret AS "webhookSecret", i.oauth_client_secret AS "clientSecret"
       FROM environment env LEFT JOIN integration i ON i.environment_id = env.id AND i.unique_key = $2 AND i.unique_key NOT LIKE '#deleted%'
       WHERE env.uuid = $1`,
      [environmentUuid, providerConfigKey],
    );
    const [row] = rows;
    if (!row) return 'unknown_environment';
    const { environmentId, integrationId, provider } = row;
    if (integrationId === null) return 'unknown_provider_config';
    return { environmentId, integrationId, provider, secret: await this.secretOf(row) };
  }

  // A provider whose secret the team sets must not be trusted for knowing the client secret.
  private async secretOf({ environmentId, provider, webhookSecret, clientSecret }: Row): Promise<string | null> {
    if (webhookSecret) return this.vault.openText(environmentId, purposes.integrationWebhookSecret, webhookSecret);
    if (!clientSecret || findProvider(provider)?.webhook_user_defined_secret) return null;
    return this.vault.openText(environmentId, purposes.integrationClientSecret, clientSecret);
  }
}
