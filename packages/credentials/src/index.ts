export { hashKey, newKey, safeEqual } from './keys.js';
export { hashPassword, verifyPassword } from './password.js';
export { type Keyring, keyringFrom } from './vault/keyring.js';
export { purposes } from './vault/purposes.js';
export { Vault } from './vault/vault.js';
