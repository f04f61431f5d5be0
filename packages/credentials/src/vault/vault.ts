import type { Pool, Sealer } from 'database';
import { decrypt, decryptionFailed, encrypt } from './aead.js';
import { type DataKey, DataKeys, keyCacheMs } from './data-keys.js';
import type { KeyProvider } from './key-provider.js';
import { type KeySettings, openKeyProvider } from './key-settings.js';

const version = 1;
const headerBytes = 5;

/**
 * Envelope encryption: a key-encryption key wraps one data key per environment, which seals under AES-256-GCM.
 * Environment and purpose are bound in: what was sealed for one does not open for another.
 *
 * Bytes are `1 || data key id (4, big-endian) || iv || ciphertext || tag`, text is `v1.<data key id>.<base64url of the rest>`.
 */
export class Vault implements Sealer {
  readonly #keys: DataKeys;

  constructor(pool: Pool, provider: KeyProvider, { cacheMs = keyCacheMs }: { cacheMs?: number } = {}) {
    this.#keys = new DataKeys(pool, provider, cacheMs);
  }

  /**
   * The vault of a service: with the keys of its settings, checked against the database before anything else touches that.
   * @throws AppError `invalid_encryption_key` for no key, a key that is no good, or a database that was encrypted with another one
   */
  static async open(pool: Pool, settings: KeySettings): Promise<Vault> {
    const vault = new Vault(pool, await openKeyProvider(settings));
    await vault.check();
    return vault;
  }

  /** To be asked at start: refuses a database that was encrypted with another key. @throws AppError `invalid_encryption_key` */
  check(): Promise<void> {
    return this.#keys.check();
  }

  async seal(environmentId: number, purpose: string, plain: Uint8Array): Promise<Uint8Array> {
    const key = await this.#keys.current(environmentId);
    const header = Buffer.alloc(headerBytes);
    header.writeUInt8(version);
    header.writeUInt32BE(key.id, 1);
    return Buffer.concat([header, encrypt(key.keyFor(purpose), context(key, purpose), plain)]);
  }

  /** @throws AppError `decryption_failed` */
  async open(environmentId: number, purpose: string, sealed: Uint8Array): Promise<Uint8Array> {
    if (sealed.length < headerBytes || sealed[0] !== version) throw decryptionFailed('unknown format');
    const id = new DataView(sealed.buffer, sealed.byteOffset).getUint32(1);
    const key = await this.#keys.byId(environmentId, id);
    return decrypt(key.keyFor(purpose), context(key, purpose), sealed.subarray(headerBytes));
  }

  async sealText(environmentId: number, purpose: string, text: string): Promise<string> {
    const key = await this.#keys.current(environmentId);
    const sealed = encrypt(key.keyFor(purpose), context(key, purpose), Buffer.from(text));
    return `v${version}.${key.id}.${sealed.toString('base64url')}`;
  }

  /** @throws AppError `decryption_failed` */
  async openText(environmentId: number, purpose: string, sealed: string): Promise<string> {
    const [, id, bytes] = /^v1\.(\d{1,9})\.([\w-]+)$/.exec(sealed) ?? [];
    if (!id || !bytes) throw decryptionFailed('unknown format');
    const key = await this.#keys.byId(environmentId, Number(id));
    return decrypt(key.keyFor(purpose), context(key, purpose), Buffer.from(bytes, 'base64url')).toString();
  }
}

const context = (key: DataKey, purpose: string): string => `v${version}|${key.environmentId}|${key.id}|${purpose}`;
