export { hashKey, newKey, safeEqual } from './keys.js';
export { hashPassword, verifyPassword } from './password.js';
export {
  type ConnectionName,
  findConnection,
  findIntegration,
  openCredentials,
  providerOf,
  sealCredentials,
  type StoredConnection,
  type StoredIntegration,
} from './refresh/connection-row.js';
export { CredentialStore, type FreshOptions, type SendForEnvironment, type VersionedCredentials } from './refresh/credential-store.js';
export { type CredentialTimes, credentialTimes, type Expiring, isNearEnd, renewAt } from './refresh/near-end.js';
export { reportFailure } from './refresh/refresh-failure.js';
export { RenewalSweep, type SweepLimits } from './refresh/renewal-sweep.js';
export { type Keyring, keyringFrom } from './vault/keyring.js';
export { purposes } from './vault/purposes.js';
export { Vault } from './vault/vault.js';
