import { Injectable } from '@nestjs/common';
import { CredentialStore, type Expiring, isNearEnd, openCredentials, providerOf, purposes, Vault } from 'credentials';
import { AppError, type Credentials, isAppError } from 'model';
import type { ConfigurationCache } from '../configuration/configuration-cache.js';
import { ConfigurationListener } from '../configuration/configuration-listener.js';
import { CredentialRefusals, type NotedAnswer } from './credential-refusals.service.js';
import { ConnectionRepository } from './connection.repository.js';
import type { ConnectionName, ConnectionRow, Target, VersionedCredential } from './target.js';

/** Connections with usable credentials, from memory as long as nothing about them changes. */
@Injectable()
export class ConnectionService {
  private readonly targets: ConfigurationCache<Target>;

  constructor(
    private readonly repository: ConnectionRepository,
    private readonly vault: Vault,
    private readonly credentials: CredentialStore,
    private readonly refusals: CredentialRefusals,
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
    return isNearEnd(expiring(known)) ? this.targets.renew(keyOf(name), known, load) : known;
  }

  /** The same connection as it is now, for one whose credential was refused: renewed if nobody has renewed it yet and it can be. A renewal that fails is recorded on the connection. */
  async renewRefused(refused: Target): Promise<Target> {
    const { connection, credentialVersion } = refused;
    if (this.refusals.isRenewedFor(refused)) {
      const renewed = await this.credentials.fresh(connection, { version: credentialVersion }).catch(() => undefined);
      if (renewed && renewed.version !== credentialVersion) await this.refusals.markRenewed(refused, renewed.version);
    }
    this.targets.drop(`connection:${connection.id}`);
    return this.target(connection);
  }

  /** Notes whether the API took the connection's credential. */
  noteAnswer(target: Target, answer: NotedAnswer): void {
    this.refusals.note(target, answer);
  }

  /** A connection's credential, refreshed when it is near its end or when that is forced. */
  async credentialOf(connection: ConnectionRow, { force }: { force: boolean }): Promise<VersionedCredential> {
    const stored = await this.open(connection);
    if (!force && !isNearEnd(expiring({ ...stored, connection, provider: providerOf(connection) }))) return stored;
    const { credentials, version, issuedAt } = await this.credentials.fresh(connection, { force }).catch(asCredentialFailure);
    return { credentials, credentialVersion: version, issuedAt };
  }

  private async load(name: ConnectionName): Promise<Target> {
    const connection = await this.repository.find(name);
    const credential = await this.credentialOf(connection, { force: false });
    return { connection, provider: providerOf(connection), ...credential, client: await this.clientOf(connection, credential.credentials) };
  }

  private async clientOf({ environmentId, oauthClientId, sealedClientSecret }: ConnectionRow, { type }: Credentials): Promise<Target['client']> {
    if ((type !== 'OAUTH1' && type !== 'TBA') || oauthClientId === null) return undefined;
    const secret = sealedClientSecret ? await this.vault.openText(environmentId, purposes.integrationClientSecret, sealedClientSecret) : '';
    return { id: oauthClientId, secret };
  }

  private async open(connection: ConnectionRow): Promise<VersionedCredential> {
    const { sealedCredentials, credentialVersion, credentialIssuedAt: issuedAt } = connection;
    return { credentials: await openCredentials(this.vault, connection, sealedCredentials), credentialVersion, issuedAt };
  }
}

/** Whatever kept a credential from being refreshed, to a caller it is a connection whose credential is no good (424). */
function asCredentialFailure(error: unknown): never {
  if (!isAppError(error) || error.code !== 'refresh_token_external_error') throw error;
  throw new AppError('invalid_credentials', { message: error.message, cause: error });
}

/** What decides whether a connection's credential is near its end. */
export function expiring({ credentials, provider, issuedAt, connection }: Pick<Target, 'credentials' | 'provider' | 'issuedAt' | 'connection'>): Expiring {
  return { credentials, provider, issuedAt, connectionConfig: connection.connectionConfig };
}

/** A connection's name as the key of a cache. Names may hold any of the usual separators. */
export function keyOf({ environmentId, providerConfigKey, connectionId }: ConnectionName): string {
  return JSON.stringify([environmentId, providerConfigKey, connectionId]);
}
