import { Inject, Injectable } from '@nestjs/common';
import type { NewConnectSession, OpenedConnectSession } from 'model';
import type { DashboardConnectSession } from 'model/dashboard';
import { CONFIGURATION, type Configuration } from '../../configuration.js';
import { ConnectSessionService } from '../../connect/connect-session.service.js';
import { ConnectionService } from '../../connection/connection.service.js';

@Injectable()
export class DashboardConnectSessionService {
  constructor(
    private readonly sessions: ConnectSessionService,
    private readonly connections: ConnectionService,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  async open(environmentId: number, request: NewConnectSession): Promise<DashboardConnectSession> {
    return this.withAddresses(await this.sessions.open(environmentId, request));
  }

  /** A session that gives the connection a new credential. @throws AppError `unknown_connection` */
  async reopen(environmentId: number, id: number): Promise<DashboardConnectSession> {
    const { connection_id, provider_config_key } = await this.connections.requireById(environmentId, id);
    return this.withAddresses(await this.sessions.reopen(environmentId, { connection_id, integration_id: provider_config_key }));
  }

  private withAddresses(session: OpenedConnectSession): DashboardConnectSession {
    return { ...session, connect_url: this.configuration.connectUrl, api_url: this.configuration.serverUrl };
  }
}
