import { Inject, Injectable } from '@nestjs/common';
import { IntegrationCredentials, type IntegrationPatch, type NewIntegration } from 'model';
import type { DashboardIntegration, DashboardIntegrationApp, DashboardIntegrationDetail, DashboardIntegrationPatch } from 'model/dashboard';
import { problemsError } from 'service';
import { CONFIGURATION, type Configuration } from '../../configuration.js';
import { EnvironmentService } from '../../environment/environment.service.js';
import type { StoredIntegration } from '../../integration/integration.repository.js';
import { IntegrationService } from '../../integration/integration.service.js';
import { callbackUrl } from '../../oauth/callback-url.js';
import { ScriptService } from '../../script/script.service.js';
import { DashboardIntegrationRepository, type IntegrationCounts } from './dashboard-integration.repository.js';
import { toDashboardScripts } from './dashboard-script.js';

@Injectable()
export class DashboardIntegrationService {
  constructor(
    private readonly integrations: IntegrationService,
    private readonly repository: DashboardIntegrationRepository,
    private readonly scripts: ScriptService,
    private readonly environments: EnvironmentService,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  async list(environmentId: number): Promise<DashboardIntegration[]> {
    const [integrations, counts] = await Promise.all([this.integrations.list(environmentId), this.repository.counts(environmentId)]);
    return integrations.map((integration) => this.summary(integration, counts.get(integration.id)));
  }

  async detail(environmentId: number, uniqueKey: string): Promise<DashboardIntegrationDetail> {
    const integration = await this.integrations.require(environmentId, uniqueKey, 404);
    const [counts, scripts, settings] = await Promise.all([
      this.repository.counts(environmentId),
      this.scripts.ofIntegration(environmentId, uniqueKey),
      this.environments.settings(environmentId),
    ]);
    return {
      ...this.summary(integration, counts.get(integration.id)),
      scripts: toDashboardScripts(scripts),
      app: await this.app(environmentId, integration),
      config: this.shownConfig(integration),
      callbackUrl: callbackUrl(this.configuration.serverUrl, settings.callback_url, uniqueKey),
      webhookUrl: await this.integrations.webhookUrl(environmentId, integration),
      forwardWebhooks: integration.forwardWebhooks,
      webhookSecret: await this.integrations.webhookSecretState(environmentId, integration),
    };
  }

  async create(environmentId: number, request: NewIntegration): Promise<DashboardIntegrationDetail> {
    const { uniqueKey } = await this.integrations.create(environmentId, request);
    return this.detail(environmentId, uniqueKey);
  }

  async change(environmentId: number, uniqueKey: string, { credentials, ...patch }: DashboardIntegrationPatch): Promise<DashboardIntegrationDetail> {
    const integration = await this.integrations.require(environmentId, uniqueKey, 404);
    const whole = credentials && (await this.wholeApp(environmentId, integration, credentials));
    await this.integrations.change(environmentId, integration, { ...patch, ...(whole ? { credentials: whole } : {}) });
    return this.detail(environmentId, uniqueKey);
  }

  async delete(environmentId: number, uniqueKey: string): Promise<void> {
    await this.integrations.delete(environmentId, await this.integrations.require(environmentId, uniqueKey, 404));
  }

  /** The app with the given fields changed. @throws AppError `invalid_body` naming what is missing of it */
  private async wholeApp(
    environmentId: number,
    integration: StoredIntegration,
    given: NonNullable<DashboardIntegrationPatch['credentials']>,
  ): Promise<IntegrationPatch['credentials']> {
    const stored = await this.integrations.credentials(environmentId, integration);
    const result = IntegrationCredentials.safeParse({ ...stored, ...given, type: this.integrations.authMode(integration) });
    if (result.success) return result.data;
    throw problemsError(
      'invalid_body',
      result.error.issues.map((issue) => ({ ...issue, path: ['credentials', ...issue.path] })),
    );
  }

  private async app(environmentId: number, integration: StoredIntegration): Promise<DashboardIntegrationApp> {
    const [stored, previousSecretUntil] = await Promise.all([
      this.integrations.credentials(environmentId, integration),
      this.repository.previousSecretUntil(environmentId, integration.id),
    ]);
    return {
      clientId: integration.oauthClientId,
      hasClientSecret: Boolean(stored?.client_secret),
      previousSecretUntil: previousSecretUntil?.toISOString() ?? null,
      scopes: integration.oauthScopes,
      appId: stored?.app_id ?? null,
      appLink: stored?.app_link ?? null,
      hasPrivateKey: Boolean(stored?.private_key),
    };
  }

  private shownConfig(integration: StoredIntegration): StoredIntegration['config'] {
    const fields = this.integrations.provider(integration).integration_config ?? {};
    return Object.fromEntries(Object.entries(integration.config).filter(([name]) => !fields[name]?.secret));
  }

  private summary(integration: StoredIntegration, counts: IntegrationCounts = { connections: 0, scripts: 0 }): DashboardIntegration {
    const { uniqueKey, provider, displayName, createdAt } = integration;
    return { uniqueKey, provider, displayName, authMode: this.integrations.authMode(integration), ...counts, createdAt: createdAt.toISOString() };
  }
}
