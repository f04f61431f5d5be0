import { Injectable } from '@nestjs/common';
import { CredentialStore, openCredentials, purposes, Vault } from 'credentials';
import { AppError, type Credentials, isAppError } from 'model';
import { findProvider, type Provider } from 'providers';
import type { ConfigurationCache } from '../configuration/configuration-cache.js';
import { ConfigurationListener } from '../configuration/configuration-listener.js';
import { ConnectionRepository } from './connection.repository.js';
import { isNearEnd } from './near-end.js';
import type { ConnectionName, ConnectionRow, Target, VersionedCredential } from './target.js';

/** Connections with usable credentials, from memory as long as nothing about them changes. */
@Injectable()
export class ConnectionService {
  private readonly targets: ConfigurationCache<Target>;

  constructor(
    private readonly repository: ConnectionRepository,
    private readonly vault: Vault,
    private readonly credentials: CredentialStore,
    listener: ConfigurationListener,
  ) {
    this.targets = listener.cache(({ connection: { id, integrationId, environmentId } }) => [
      `connection:${id}`,
      `integration:${integrationId}`,
      `environment:${environmentId}`,
    ]);
  }

  /** What a call to this connection's API needs, its credential refreshed when it is near its end. */
  async target(name: ConnectionName): Promise<Target> {
    const load = (): Promise<Target> => this.load(name);
    const known = await this.targets.get(keyOf(name), load);
    return isNearEnd(known) ? this.targets.renew(keyOf(name), known, load) : known;
  }

  /** The same connection as it is now, for one whose credential was refused. */
  async reread({ connection }: Target): Promise<Target> {
    this.targets.drop(`connection:${connection.id}`);
    return this.target(connection);
  }

  /** A connection's credential, refreshed when it is near its end or when that is forced. */
  async credentialOf(connection: ConnectionRow, { force }: { force: boolean }): Promise<VersionedCredential> {
    const stored = await this.open(connection);
    if (!force && !isNearEnd({ ...stored, provider: providerOf(connection.provider) })) return stored;
    const { credentials, version } = await this.credentials.fresh(connection, { force }).catch(asCredentialFailure);
    return { credentials, credentialVersion: version };
  }

  private async load(name: ConnectionName): Promise<Target> {
    const connection = await this.repository.find(name);
    const credential = await this.credentialOf(connection, { force: false });
    return { connection, provider: providerOf(connection.provider), ...credential, client: await this.clientOf(connection, credential.credentials) };
  }

  private async clientOf({ environmentId, oauthClientId, sealedClientSecret }: ConnectionRow, { type }: Credentials): Promise<Target['client']> {
    if ((type !== 'OAUTH1' && type !== 'TBA') || oauthClientId === null) return undefined;
    const secret = sealedClientSecret ? await this.vault.openText(environmentId, purposes.integrationClientSecret, sealedClientSecret) : '';
    return { id: oauthClientId, secret };
  }

  private async open({ environmentId, sealedCredentials, credentialVersion }: ConnectionRow): Promise<VersionedCredential> {
    return { credentials: await openCredentials(this.vault, environmentId, sealedCredentials), credentialVersion };
  }
}

/** Whatever kept a credential from being refreshed, to a caller it is a connection whose credential is no good (424). */
function asCredentialFailure(error: unknown): never {
  if (!isAppError(error) || error.code !== 'refresh_token_external_error') throw error;
  throw new AppError('invalid_credentials', { message: error.message, cause: error });
}

/** @throws AppError `unknown_provider_template_in_config` */
export function providerOf(name: string): Provider {
  const provider = findProvider(name);
  if (!provider) throw new AppError('unknown_provider_template_in_config', { message: `The catalogue has no provider '${name}'` });
  return provider;
}

/** A connection's name as the key of a cache. Names may hold any of the usual separators. */
export function keyOf({ environmentId, providerConfigKey, connectionId }: ConnectionName): string {
  return JSON.stringify([environmentId, providerConfigKey, connectionId]);
}
