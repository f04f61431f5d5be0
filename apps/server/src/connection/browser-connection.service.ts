import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, type Connection } from 'model';
import { type EventFailure, EventService } from '../event/event.service.js';
import { IntegrationService } from '../integration/integration.service.js';
import { ConnectionImportService, timesOf, type WholeConnection } from './connection-import.service.js';
import { ConnectionService } from './connection.service.js';
import { type PendingConnection, PendingConnectionRepository } from './pending-connection.repository.js';

/** Connections that end users make in a browser: the team's scripts have a say about them (surface 5.1, 5.4). */
@Injectable()
export class BrowserConnectionService {
  constructor(
    private readonly imports: ConnectionImportService,
    private readonly pending: PendingConnectionRepository,
    private readonly connections: ConnectionService,
    private readonly integrations: IntegrationService,
    private readonly events: EventService,
  ) {}

  /** As {@link ConnectionImportService.keep}, once every script of `validate-connection` has succeeded. @throws AppError `connection_validation_failed` */
  async keep(environmentId: number, connection: WholeConnection): Promise<Connection> {
    const { integrationKey, connectionId = randomUUID(), credentials, ...rest } = connection;
    const integration = await this.integrations.require(environmentId, integrationKey);
    const installationId = connection.connectionConfig?.['installation_id'];
    if (typeof installationId === 'string')
      await this.connections.requireFreeInstallation({ environmentId, integrationId: integration.id, connectionId, installationId }, connection.endUser);
    const place = { environmentId, integrationId: integration.id, event: 'validate-connection' } as const;
    if (!(await this.events.hasScripts(place))) return this.imports.keep(environmentId, { ...connection, connectionId });
    const times = timesOf(connection, this.integrations.provider(integration));
    const pending = await this.pending.add({ ...rest, times, environmentId, integrationId: integration.id, connectionId, credentials });
    await this.judge(pending);
    const { eventRuns } = await this.pending.accept(pending);
    this.events.startOpened(environmentId, eventRuns);
    return this.connections.require(environmentId, integration.uniqueKey, connectionId);
  }

  private async judge(pending: PendingConnection): Promise<void> {
    const { environmentId, integrationId, id: connectionId } = pending;
    let failure: EventFailure | undefined;
    try {
      [failure] = await this.events.runAll({ environmentId, integrationId, event: 'validate-connection', connectionId });
      if (!failure) return;
    } catch (error) {
      await this.pending.refuse(pending);
      throw error;
    }
    await this.pending.refuse(pending);
    const { message, payload } = failure.error;
    throw new AppError('connection_validation_failed', { message, payload });
  }
}
