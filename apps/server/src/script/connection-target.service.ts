import { Injectable } from '@nestjs/common';
import { AppError } from 'model';
import type { TargetHeaders } from './connection-target.decorator.js';
import { ConnectionTargetRepository } from './connection-target.repository.js';

/** A living connection of the caller's environment. */
export type Target = { integrationId: number; connectionId: number };

@Injectable()
export class ConnectionTargetService {
  constructor(private readonly targets: ConnectionTargetRepository) {}

  /** The connection that the headers of a record or action request name. */
  async require(environmentId: number, headers: TargetHeaders): Promise<Target> {
    const { connectionId, providerConfigKey } = requireNames(headers);
    const found = await this.targets.find(environmentId, providerConfigKey, connectionId);
    if (!found) throw unknownIntegration(providerConfigKey);
    // Upstream answers 400 here and 404 elsewhere (surface 4.4).
    if (!found.connection) throw unknownConnection(providerConfigKey, connectionId, 400);
    return { integrationId: found.integrationId, connectionId: found.connection.id };
  }

  /** An integration, and a connection of it where the caller named one. */
  async requireIntegration(
    environmentId: number,
    providerConfigKey: string,
    connectionId: string | undefined,
  ): Promise<{ integrationId: number; connectionId: number | null }> {
    const found = await this.targets.find(environmentId, providerConfigKey, connectionId);
    if (!found) throw unknownIntegration(providerConfigKey);
    if (connectionId !== undefined && !found.connection) throw unknownConnection(providerConfigKey, connectionId, 404);
    return { integrationId: found.integrationId, connectionId: found.connection?.id ?? null };
  }
}

/** Both names, or the error that says which is missing. */
export function requireNames({ connectionId, providerConfigKey }: TargetHeaders): { connectionId: string; providerConfigKey: string } {
  if (!connectionId) throw new AppError('missing_connection_id', { message: 'Name the connection in the header Connection-Id' });
  return { connectionId, providerConfigKey: requireKey(providerConfigKey) };
}

/** An integration's key, or the error that says that it is missing. */
export function requireKey(providerConfigKey: string | undefined): string {
  if (providerConfigKey) return providerConfigKey;
  throw new AppError('missing_provider_config_key', { message: 'Name the integration in provider_config_key or the header Provider-Config-Key' });
}

/** A connection of another environment is as absent as one that never was. */
export function unknownConnection(providerConfigKey: string, connectionId: string, status: 400 | 404): AppError {
  return new AppError('unknown_connection', {
    message: `There is no connection '${connectionId}' for the integration '${providerConfigKey}' in this environment`,
    status,
  });
}

export function unknownIntegration(providerConfigKey: string): AppError {
  return new AppError('unknown_provider_config', { message: `There is no integration '${providerConfigKey}' in this environment` });
}
