import { Inject, Injectable } from '@nestjs/common';
import { AppError, type NewIntegration } from 'model';
import type { DashboardIntegration, DashboardIntegrationDetail, DashboardIntegrationPatch, NewDashboardIntegration } from 'model/dashboard';
import { CONFIGURATION, type Configuration } from '../../configuration.js';
import { EnvironmentService } from '../../environment/environment.service.js';
import type { StoredIntegration } from '../../integration/integration.repository.js';
import { IntegrationService } from '../../integration/integration.service.js';
import { ScriptService } from '../../script/script.service.js';
import { DashboardIntegrationRepository, type IntegrationCounts } from './dashboard-integration.repository.js';
import { toDashboardScripts } from './dashboard-script.js';

@Injectable()
export class DashboardIntegrationService {
  constructor(
    private readonly integrations: IntegrationService,
    private readonly counts: DashboardIntegrationRepository,
    private readonly scripts: ScriptService,
    private readonly environments: EnvironmentService,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  async list(environmentId: number): Promise<DashboardIntegration[]> {
    const [integrations, counts] = await Promise.all([this.integrations.list(environmentId), this.counts.counts(environmentId)]);
    return integrations.map((integration) => this.summary(integration, counts.get(integration.id)));
  }

  async detail(environmentId: number, uniqueKey: string): Promise<DashboardIntegrationDetail> {
    const integration = await this.integrations.require(environmentId, uniqueKey, 404);
    const [counts, scripts, settings] = await Promise.all([
      this.counts.counts(environmentId),
      this.scripts.ofIntegration(environmentId, uniqueKey),
      this.environments.settings(environmentId),
    ]);
    return {
      ...this.summary(integration, counts.get(integration.id)),
      scripts: toDashboardScripts(scripts),
      oauthClientId: integration.oauthClientId,
      oauthScopes: integration.oauthScopes,
      callbackUrl: settings.callback_url ?? `${this.configuration.serverUrl}/oauth/callback`,
      webhookUrl: await this.integrations.webhookUrl(environmentId, integration),
      forwardWebhooks: integration.forwardWebhooks,
      webhookSecret: await this.integrations.webhookSecretState(environmentId, integration),
    };
  }

  async create(environmentId: number, request: NewDashboardIntegration): Promise<DashboardIntegrationDetail> {
    const { uniqueKey: unique_key, provider, displayName: display_name } = request;
    const credentials = this.appOf(request);
    await this.integrations.create(environmentId, { unique_key, provider, display_name, ...(credentials ? { credentials } : {}) });
    return this.detail(environmentId, unique_key);
  }

  async change(environmentId: number, uniqueKey: string, { forwardWebhooks, webhookSecret }: DashboardIntegrationPatch): Promise<DashboardIntegrationDetail> {
    const integration = await this.integrations.require(environmentId, uniqueKey, 404);
    await this.integrations.change(environmentId, integration, { forward_webhooks: forwardWebhooks, webhook_secret: webhookSecret });
    return this.detail(environmentId, uniqueKey);
  }

  async delete(environmentId: number, uniqueKey: string): Promise<void> {
    await this.integrations.delete(environmentId, await this.integrations.require(environmentId, uniqueKey, 404));
  }

  private appOf({ provider, oauthClientId, oauthClientSecret, oauthScopes }: NewDashboardIntegration): NewIntegration['credentials'] {
    if (!oauthClientId && !oauthClientSecret) return undefined;
    if (!oauthClientId) throw new AppError('missing_client_id', { message: 'The client id is missing' });
    if (!oauthClientSecret) throw new AppError('missing_client_secret', { message: 'The client secret is missing' });
    const type = this.integrations.authMode({ provider });
    if (type !== 'OAUTH1' && type !== 'OAUTH2' && type !== 'TBA')
      throw new AppError('wrong_auth_mode', { message: `The provider authorises with ${type}, without an app` });
    return { type, client_id: oauthClientId, client_secret: oauthClientSecret, scopes: oauthScopes };
  }

  private summary(integration: StoredIntegration, counts: IntegrationCounts = { connections: 0, scripts: 0 }): DashboardIntegration {
    const { uniqueKey, provider, displayName, createdAt } = integration;
    return { uniqueKey, provider, displayName, authMode: this.integrations.authMode(integration), ...counts, createdAt: createdAt.toISOString() };
  }
}
