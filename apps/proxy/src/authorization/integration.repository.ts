import { Inject, Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import { type Pool, POOL } from 'database';
import { AppError, AppKey, type IntegrationRateLimit } from 'model';

/** An integration with its client at the provider, opened. Holds secrets. */
export type ConfiguredIntegration = {
  id: number;
  environmentId: number;
  providerConfigKey: string;
  provider: string;
  displayName: string;
  config: Record<string, string>;
  client: { id: string; secret: string; previousSecret?: string | undefined; scopes: string[]; app?: AppKey | undefined };
  rateLimit: IntegrationRateLimit | null;
};

type Row = {
  id: number;
  provider: string;
  displayName: string | null;
  config: Record<string, string>;
  clientId: string | null;
  clientSecret: string | null;
  previousSecret: string | null;
  scopes: string | null;
  appKey: string | null;
  rateLimit: IntegrationRateLimit | null;
};

/** Integrations as an authorisation needs them. */
@Injectable()
export class IntegrationRepository {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly vault: Vault,
  ) {}

  /** @throws AppError `unknown_provider_config` */
  async find(environmentId: number, providerConfigKey: string): Promise<ConfiguredIntegration> {
    const { rows } = await this.pool.query<Row>(
      `SELECT id, provider, display_name AS "displayName", config, oauth_client_id AS "clientId", oauth_client_secret AS "clientSecret",
         CASE WHEN previous_client_secret_until > now() THEN previous_client_secret END AS "previousSecret",
         oauth_scopes AS scopes, app_key AS "appKey", rate_limit AS "rateLimit"
       FROM integration WHERE environment_id = $1 AND unique_key = $2`,
      [environmentId, providerConfigKey],
    );
    const [row] = rows;
    if (!row) throw new AppError('unknown_provider_config', { message: `There is no integration '${providerConfigKey}' in this environment` });
    const { id, provider, displayName, config, rateLimit } = row;
    return {
      id,
      environmentId,
      providerConfigKey,
      provider,
      displayName: displayName ?? providerConfigKey,
      config,
      rateLimit,
      client: await this.clientOf(environmentId, row),
    };
  }

  private async clientOf(environmentId: number, row: Row): Promise<ConfiguredIntegration['client']> {
    const open = async (purpose: string, sealed: string | null) => (sealed === null ? undefined : this.vault.openText(environmentId, purpose, sealed));
    const app = await open(purposes.integrationAppKey, row.appKey);
    return {
      id: row.clientId ?? '',
      secret: (await open(purposes.integrationClientSecret, row.clientSecret)) ?? '',
      previousSecret: await open(purposes.integrationClientSecret, row.previousSecret),
      scopes: row.scopes?.split(',').filter(Boolean) ?? [],
      app: app === undefined ? undefined : AppKey.parse(JSON.parse(app)),
    };
  }
}
