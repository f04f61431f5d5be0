import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  AppError,
  connectSessionMs,
  connectSessionPrefix,
  type ConnectSessionDetails,
  type FieldProblem,
  type NewConnectSession,
  type NewReconnectSession,
  type OpenedConnectSession,
} from 'model';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { ConnectionService } from '../connection/connection.service.js';
import { IntegrationService } from '../integration/integration.service.js';
import { ConnectSessionRepository } from './connect-session.repository.js';

@Injectable()
export class ConnectSessionService {
  constructor(
    private readonly sessions: ConnectSessionRepository,
    private readonly integrations: IntegrationService,
    private readonly connections: ConnectionService,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** @throws AppError `invalid_body` naming integrations that are not there */
  async open(environmentId: number, details: NewConnectSession): Promise<OpenedConnectSession> {
    await this.requireIntegrations(environmentId, details);
    return this.keep(environmentId, details, null);
  }

  /** @throws AppError `unknown_provider_config`, `unknown_connection`; `invalid_body` as {@link ConnectSessionService.open} */
  async reopen(environmentId: number, { connection_id, integration_id, ...request }: NewReconnectSession): Promise<OpenedConnectSession> {
    const { id } = await this.connections.require(environmentId, integration_id, connection_id);
    const details = { ...request, allowed_integrations: [integration_id] };
    await this.requireIntegrations(environmentId, details);
    return this.keep(environmentId, details, id);
  }

  close(environmentId: number, token: string): Promise<void> {
    return this.sessions.close(environmentId, token);
  }

  private async keep(environmentId: number, details: ConnectSessionDetails, connectionId: number | null): Promise<OpenedConnectSession> {
    const token = connectSessionPrefix + randomBytes(32).toString('hex');
    const expiresAt = new Date(Date.now() + connectSessionMs);
    await this.sessions.open(token, { environmentId, connectionId, details, expiresAt });
    return { token, connect_link: this.linkFor(token), expires_at: expiresAt.toISOString() };
  }

  // A page that another host serves has to be told where the API is.
  private linkFor(token: string): string {
    const { connectUrl, serverUrl } = this.configuration;
    const link = new URL(`${connectUrl}/`);
    link.searchParams.set('session_token', token);
    if (link.origin !== new URL(serverUrl).origin) link.searchParams.set('apiURL', serverUrl);
    return link.href;
  }

  private async requireIntegrations(environmentId: number, details: ConnectSessionDetails): Promise<void> {
    const named = namedIntegrations(details);
    if (named.length === 0) return;
    const known = new Set((await this.integrations.list(environmentId)).map(({ uniqueKey }) => uniqueKey));
    const errors = named.filter(({ key }) => !known.has(key)).map(({ key, path }) => unknownIntegration(key, path));
    if (errors[0]) throw new AppError('invalid_body', { message: errors[0].message, errors });
  }
}

type Named = { key: string; path: (string | number)[] };

function namedIntegrations({ allowed_integrations = [], integrations_config_defaults = {}, overrides = {} }: ConnectSessionDetails): Named[] {
  return [
    ...allowed_integrations.map((key, index) => ({ key, path: ['allowed_integrations', index] })),
    ...Object.keys(integrations_config_defaults).map((key) => ({ key, path: ['integrations_config_defaults', key] })),
    ...Object.keys(overrides).map((key) => ({ key, path: ['overrides', key] })),
  ];
}

function unknownIntegration(key: string, path: FieldProblem['path']): FieldProblem {
  return { code: 'custom', message: `There is no integration '${key}' in this environment`, path };
}
