import { AppError } from 'model';

/** A key-encryption key: wraps data keys, wherever it lives. `context` is bound in and must be the same to unwrap. */
export interface KeyEncryptionKey {
  /** Stored beside what it wrapped. */
  readonly id: string;
  wrap(context: string, dataKey: Uint8Array): Promise<Uint8Array>;
  unwrap(context: string, wrapped: Uint8Array): Promise<Uint8Array>;
}

/** The key-encryption keys of a process: the current one wraps, the previous ones only unwrap. */
export interface KeyProvider {
  readonly currentId: string;
  readonly ids: readonly string[];
  /** @throws AppError `key_service_unavailable` */
  wrap(context: string, dataKey: Uint8Array): Promise<Uint8Array>;
  /** @throws AppError `invalid_encryption_key` for a key that is not configured, `decryption_failed`, `key_service_unavailable` */
  unwrap(kekId: string, context: string, wrapped: Uint8Array): Promise<Uint8Array>;
}

/** A provider of the given keys, of which the first is the current one. */
export function keyProviderOf(current: KeyEncryptionKey, ...previous: KeyEncryptionKey[]): KeyProvider {
  const keys = new Map([current, ...previous].map((key) => [key.id, key]));
  return {
    currentId: current.id,
    ids: [...keys.keys()],
    wrap: (context, dataKey) => current.wrap(context, dataKey),
    unwrap: async (kekId, context, wrapped) => {
      const key = keys.get(kekId);
      if (!key) throw new AppError('invalid_encryption_key', { message: `Data is encrypted with key ${kekId}, which is not configured.` });
      return key.unwrap(context, wrapped);
    },
  };
}
