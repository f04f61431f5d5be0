import type { KMS } from '@aws-sdk/client-kms';
import { AppError } from 'model';
import { decryptionFailed } from './aead.js';
import type { KeyEncryptionKey } from './key-provider.js';

const arnPattern = /^arn:aws[\w-]*:kms:([a-z0-9-]+):\d{12}:key\/[\w-]+$/;
/** For each of the SDK's three attempts. */
const requestTimeoutMs = 5_000;

/** Where KMS answers when it is not AWS itself, and how long an attempt may take. */
export type KmsOptions = { endpoint?: string | undefined; timeoutMs?: number };

/** Whether a setting names a key of AWS KMS rather than holding a key. */
export const isKmsArn = (text: string): boolean => text.startsWith('arn:');

/**
 * A key that never leaves AWS KMS. Credentials come from the SDK's default chain (environment, container, instance role).
 * The operator configures the endpoint, so the call does not pass the egress guard.
 *
 * @throws AppError `invalid_encryption_key` for anything but the ARN of a key: an alias could come to name another key.
 */
export function kmsKey(arn: string, options: KmsOptions = {}): KeyEncryptionKey {
  const region = arnPattern.exec(arn)?.[1];
  if (!region) throw new AppError('invalid_encryption_key', { message: `${arn} is not the ARN of a KMS key (arn:aws:kms:<region>:<account>:key/<id>).` });
  let client: Promise<KMS> | undefined;
  const open = (): Promise<KMS> => (client ??= openClient(region, options));
  const about = (context: string) => ({ KeyId: arn, EncryptionContext: { context } });
  const wrap = async (context: string, dataKey: Uint8Array) => (await (await open()).encrypt({ ...about(context), Plaintext: dataKey })).CiphertextBlob;
  const unwrap = async (context: string, wrapped: Uint8Array) => (await (await open()).decrypt({ ...about(context), CiphertextBlob: wrapped })).Plaintext;
  return {
    id: arn,
    wrap: (context, dataKey) => attempt(() => wrap(context, dataKey)),
    unwrap: (context, wrapped) => attempt(() => unwrap(context, wrapped)),
  };
}

// Loaded here: most installations never ask for it.
async function openClient(region: string, { endpoint, timeoutMs = requestTimeoutMs }: KmsOptions): Promise<KMS> {
  const { KMS } = await import('@aws-sdk/client-kms');
  const requestHandler = { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true };
  return new KMS({ region, requestHandler, ...(endpoint ? { endpoint } : {}) });
}

const damaged = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);

/** Names the kind of trouble only: a message of the service may repeat what it was sent. */
async function attempt(call: () => Promise<Uint8Array | undefined>): Promise<Uint8Array> {
  try {
    const bytes = await call();
    if (bytes) return bytes;
    throw new Error('the answer is empty');
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : 'unknown error';
    if (damaged.has(name)) throw decryptionFailed('KMS does not unwrap its data key');
    throw new AppError('key_service_unavailable', { message: `AWS KMS gave no key (${name}).`, cause });
  }
}
