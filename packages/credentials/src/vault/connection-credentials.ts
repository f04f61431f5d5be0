import { Credentials, isAppError } from 'model';
import { purposes } from './purposes.js';
import type { Vault } from './vault.js';

/** The connection that a credential is sealed for: by its integration's id and its own name, neither of which ever changes. */
export type CredentialOwner = { environmentId: number; integrationId: number; connectionId: string };

/** What binds a credential to its connection, so that it does not open in another one's row. */
export function credentialPurpose({ integrationId, connectionId }: Pick<CredentialOwner, 'connectionId'> & { integrationId: number | string }): string {
  return `${purposes.connectionCredentials}/${integrationId}/${connectionId}`;
}

/** Credentials as the column `connection.credentials` holds them. */
export function sealCredentials(vault: Vault, owner: CredentialOwner, credentials: Credentials): Promise<string> {
  return vault.sealText(owner.environmentId, credentialPurpose(owner), JSON.stringify(credentials));
}

/**
 * What {@link sealCredentials} sealed for the same connection. Credentials that were sealed before they were bound to their connection open
 * as well, until a rotation of the data keys has sealed them anew. @throws AppError `decryption_failed`
 */
export async function openCredentials(vault: Vault, owner: CredentialOwner, sealed: string): Promise<Credentials> {
  return Credentials.parse(JSON.parse(await openText(vault, owner, sealed)));
}

async function openText(vault: Vault, owner: CredentialOwner, sealed: string): Promise<string> {
  try {
    return await vault.openText(owner.environmentId, credentialPurpose(owner), sealed);
  } catch (error) {
    if (!isAppError(error) || error.code !== 'decryption_failed') throw error;
    return vault.openText(owner.environmentId, purposes.connectionCredentials, sealed);
  }
}
