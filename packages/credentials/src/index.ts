export { hashKey, newKey, safeEqual } from './keys.js';
export { hashPassword, verifyPassword } from './password.js';
export { type ConnectionName, openCredentials, sealCredentials } from './refresh/connection-row.js';
export { CredentialStore, type CredentialStoreOptions, type VersionedCredentials } from './refresh/credential-store.js';
export { type ReadBody, readTokenAnswer, type TokenOutcome, type Tokens } from './refresh/token-answer.js';
export type { RequestToken, TokenAnswer, TokenRequest } from './refresh/token-request.js';
export { type Keyring, keyringFrom } from './vault/keyring.js';
export { purposes } from './vault/purposes.js';
export { Vault } from './vault/vault.js';
