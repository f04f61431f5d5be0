import { Inject, Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import type { CallSite } from 'journal/postgres';
import { AppError, type IntegrationWithSecrets, type PlatformArgs } from 'model';
import { findProvider, hasOAuthClient, toIntegration, webhookUrl } from 'providers';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import type { PlatformHandlers } from '../platform-call/handlers.js';

type Row = Parameters<typeof toIntegration>[0] & {
  environmentUuid: string;
  oauthClientId: string | null;
  oauthClientSecret: string | null;
  oauthScopes: string | null;
  webhookSecret: string | null;
};

/** A script's own integration, as `GET /integrations/{uniqueKey}` answers it. */
@Injectable()
export class IntegrationCalls {
  constructor(
    private readonly vault: Vault,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  readonly handlers: Pick<PlatformHandlers, 'getIntegration'> = { getIntegration: (site, args) => this.get(site, args) };

  private async get({ client, execution }: CallSite, { include }: PlatformArgs<'getIntegration'>): Promise<IntegrationWithSecrets> {
    const { environmentId, providerConfigKey } = execution;
    const { rows } = await client.query<Row>(
      `SELECT i.unique_key AS "uniqueKey", i.provider, i.display_name AS "displayName", i.forward_webhooks AS "forwardWebhooks", i.created_at AS "createdAt",
         i.updated_at AS "updatedAt", env.uuid AS "environmentUuid", i.oauth_client_id AS "oauthClientId", i.oauth_client_secret AS "oauthClientSecret",
         i.oauth_scopes AS "oauthScopes", i.webhook_secret AS "webhookSecret"
       FROM integration i JOIN environment env ON env.id = i.environment_id WHERE i.environment_id = $1 AND i.unique_key = $2`,
      [environmentId, providerConfigKey],
    );
    const [row] = rows;
    if (!row) throw new AppError('unknown_provider_config', { message: `There is no integration '${providerConfigKey}' in this environment` });
    const serverUrl = this.configuration.NANGO_SERVER_URL;
    return {
      ...toIntegration(row, serverUrl),
      ...(include.includes('webhook') ? { webhook_url: webhookUrl(serverUrl, row.environmentUuid, row.uniqueKey) } : {}),
      ...(include.includes('credentials') ? { credentials: await this.credentials(environmentId, row) } : {}),
    };
  }

  /** The app at the provider; null for providers that need none, and where none was given. */
  private async credentials(environmentId: number, row: Row): Promise<IntegrationWithSecrets['credentials']> {
    const type = findProvider(row.provider)?.auth_mode ?? 'NONE';
    if (!row.oauthClientId || !hasOAuthClient(type)) return null;
    const open = async (purpose: string, sealed: string | null) => (sealed ? this.vault.openText(environmentId, purpose, sealed) : null);
    return {
      type,
      client_id: row.oauthClientId,
      client_secret: (await open(purposes.integrationClientSecret, row.oauthClientSecret)) ?? '',
      scopes: row.oauthScopes,
      webhook_secret: await open(purposes.integrationWebhookSecret, row.webhookSecret),
    };
  }
}
