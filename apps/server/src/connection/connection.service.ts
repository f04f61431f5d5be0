import { Injectable } from '@nestjs/common';
import { AppError, type Connection, type ConnectionPatch, type EndUser, type Revocation } from 'model';
import { EventService } from '../event/event.service.js';
import { IntegrationService } from '../integration/integration.service.js';
import { ProxyClient } from '../proxy-pass/proxy-client.js';
import { unknownConnection } from '../script/connection-target.service.js';
import { type ConnectionFilter, ConnectionRepository, type InstallationClaim } from './connection.repository.js';

@Injectable()
export class ConnectionService {
  constructor(
    private readonly connections: ConnectionRepository,
    private readonly integrations: IntegrationService,
    private readonly events: EventService,
    private readonly proxy: ProxyClient,
  ) {}

  list(environmentId: number, filter: ConnectionFilter): Promise<Connection[]> {
    return this.connections.list(environmentId, filter);
  }

  /** @throws AppError `unknown_provider_config` 400, `unknown_connection` 404 */
  async require(environmentId: number, providerConfigKey: string, connectionId: string): Promise<Connection> {
    const found = await this.connections.find(environmentId, providerConfigKey, connectionId);
    if (found) return found;
    await this.integrations.require(environmentId, providerConfigKey);
    throw unknownConnection(providerConfigKey, connectionId, 404);
  }

  /** The connection of this name, or nothing. */
  find(environmentId: number, providerConfigKey: string, connectionId: string): Promise<Connection | null> {
    return this.connections.find(environmentId, providerConfigKey, connectionId);
  }

  /** @throws AppError `unknown_connection` */
  async requireById(environmentId: number, id: number): Promise<Connection> {
    const found = await this.connections.findById(environmentId, id);
    if (!found) throw new AppError('unknown_connection', { message: 'There is no such connection in this environment' });
    return found;
  }

  async patch(environmentId: number, providerConfigKey: string, connectionId: string, patch: ConnectionPatch): Promise<void> {
    const { id } = await this.require(environmentId, providerConfigKey, connectionId);
    await this.connections.patch(environmentId, id, patch);
  }

  /** After the scripts of `pre-connection-deletion`, however they end. The credential is given back to its provider; a provider that refuses keeps nothing here. */
  async delete(environmentId: number, providerConfigKey: string, connectionId: string): Promise<Revocation> {
    const { id } = await this.require(environmentId, providerConfigKey, connectionId);
    await this.runDeletionScripts(environmentId, id);
    const revocation = await this.revoke(environmentId, providerConfigKey, connectionId);
    await this.connections.delete(environmentId, id);
    return revocation;
  }

  private async revoke(environmentId: number, providerConfigKey: string, connectionId: string): Promise<Revocation> {
    const integration = await this.integrations.require(environmentId, providerConfigKey);
    if (!this.integrations.canRevoke(integration)) return { outcome: 'unsupported' };
    return this.proxy.revoke({ environmentId, providerConfigKey, connectionId }).catch(() => ({ outcome: 'failed' }) as const);
  }

  private async runDeletionScripts(environmentId: number, id: number): Promise<void> {
    const integrationId = await this.connections.integrationIdOf(environmentId, id);
    if (integrationId !== null) await this.events.runAll({ environmentId, integrationId, event: 'pre-connection-deletion', connectionId: id });
  }

  /**
   * Ids of installations can be guessed, and the app's key opens all of them: one that another customer has connected is not given away.
   *
   * @throws AppError `forbidden`
   */
  async requireFreeInstallation(claim: InstallationClaim, endUser: EndUser | undefined): Promise<void> {
    const owners = await this.connections.installationOwners(claim);
    if (owners.every((owner) => isSameCustomer(owner, endUser))) return;
    throw new AppError('forbidden', { message: `Another customer has connected the installation '${claim.installationId}'` });
  }
}

function isSameCustomer(one: EndUser | null, other: EndUser | undefined): boolean {
  if (!one || !other) return false;
  return one.id === other.id || (one.organization !== undefined && one.organization?.id === other.organization?.id);
}
