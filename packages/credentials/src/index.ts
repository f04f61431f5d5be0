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
export { KeyRotation, type RotationOptions } from './rotation/key-rotation.js';
export { type KeyUse, keyStatus, type KeyStatus } from './rotation/key-status.js';
export { countToRewrap, rewrapDataKeys } from './rotation/rewrap.js';
export type { KeyProvider } from './vault/key-provider.js';
export { type KeySettings, openKeyProvider } from './vault/key-settings.js';
export { keyringFrom } from './vault/keyring.js';
export { purposes } from './vault/purposes.js';
export { Vault } from './vault/vault.js';
