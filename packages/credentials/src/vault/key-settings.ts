import { readFile, stat } from 'node:fs/promises';
import { AppError } from 'model';
import { isKmsArn, kmsKey } from './aws-kms.js';
import { type KeyEncryptionKey, type KeyProvider, keyProviderOf } from './key-provider.js';
import { localKey } from './keyring.js';

/** The environment variables that name key-encryption keys. */
export type KeySettings = {
  NANGO_ENCRYPTION_KEY?: string | undefined;
  NANGO_ENCRYPTION_KEYS_PREVIOUS?: string | undefined;
  NANGO_ENCRYPTION_KEY_FILE?: string | undefined;
  NANGO_KMS_KEY_ARN?: string | undefined;
  NANGO_KMS_ENDPOINT?: string | undefined;
};

/** Permission bits of everybody who is neither the file's owner nor in its group; Kubernetes mounts secrets for a group. */
const othersBits = 0o007;

/**
 * The provider that the settings ask for. The current key is that of KMS, else the first of the file, else `NANGO_ENCRYPTION_KEY`;
 * all other keys that are set, and those of `NANGO_ENCRYPTION_KEYS_PREVIOUS` (base64 or KMS ARNs), only unwrap.
 *
 * @throws AppError `invalid_encryption_key` with what is wrong, never with a key
 */
export async function openKeyProvider(settings: KeySettings): Promise<KeyProvider> {
  const { NANGO_KMS_KEY_ARN: arn, NANGO_KMS_ENDPOINT: endpoint, NANGO_ENCRYPTION_KEY_FILE: file, NANGO_ENCRYPTION_KEY: own } = settings;
  const keyFrom = (text: string, source: string): KeyEncryptionKey => (isKmsArn(text) ? kmsKey(text, { endpoint }) : localKey(text, source));
  const inFile = file ? await readKeyFile(file) : [];
  const previous = (settings.NANGO_ENCRYPTION_KEYS_PREVIOUS ?? '').split(',').flatMap((text) => text.trim() || []);
  const keys = [
    ...(arn ? [kmsKey(arn, { endpoint })] : []),
    ...inFile.map((text) => keyFrom(text, `A key of ${file}`)),
    ...(own ? [localKey(own, 'NANGO_ENCRYPTION_KEY')] : []),
  ];
  const [current] = keys;
  if (!current) throw invalid('No encryption key: set NANGO_ENCRYPTION_KEY (openssl rand -base64 32), NANGO_ENCRYPTION_KEY_FILE or NANGO_KMS_KEY_ARN.');
  return keyProviderOf(current, ...keys.slice(1), ...previous.map((text) => keyFrom(text, 'A key of NANGO_ENCRYPTION_KEYS_PREVIOUS')));
}

/** Keys as a JSON array of strings, or one on each line. */
async function readKeyFile(path: string): Promise<string[]> {
  const [content, { mode }] = await Promise.all([readFile(path, 'utf8'), stat(path)]).catch((cause: unknown) => {
    throw new AppError('invalid_encryption_key', { message: `The key file ${path} cannot be read.`, cause });
  });
  if (mode & othersBits) throw invalid(`The key file ${path} can be read or written by everybody: chmod 600 ${path}`);
  const keys = content.trim().startsWith('[') ? listed(content) : content.split('\n').map((line) => line.trim());
  const found = keys?.filter((key) => key !== '');
  if (!found?.length) throw invalid(`The key file ${path} must hold keys: a JSON array of strings, or one on each line.`);
  return found;
}

function listed(content: string): string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(content);
    return Array.isArray(parsed) && parsed.every((key) => typeof key === 'string') ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function invalid(message: string): AppError {
  return new AppError('invalid_encryption_key', { message });
}
