import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKeyProvider } from './key-settings.js';
import { localKey } from './keyring.js';

const aKey = (): string => randomBytes(32).toString('base64');
const [first, second, third] = [aKey(), aKey(), aKey()];
const idsOf = (...keys: string[]): string[] => keys.map((key) => localKey(key).id);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function aFile(content: string, mode = 0o600): Promise<string> {
  const path = join(folder, `${randomBytes(4).toString('hex')}.keys`);
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

describe('the key-encryption keys that the settings name', () => {
  it('are one that wraps and previous ones that only unwrap', async () => {
    const provider = await openKeyProvider({ NANGO_ENCRYPTION_KEY: first, NANGO_ENCRYPTION_KEYS_PREVIOUS: ` ${second}, ${third} ,` });
    expect([provider.currentId, provider.ids]).toEqual([idsOf(first)[0], idsOf(first, second, third)]);
    const old = await openKeyProvider({ NANGO_ENCRYPTION_KEY: second });
    const wrapped = await old.wrap('c', Buffer.from('data key'));
    expect(Buffer.from(await provider.unwrap(old.currentId, 'c', wrapped)).toString()).toBe('data key');
    await expect(old.unwrap(provider.currentId, 'c', wrapped)).rejects.toMatchObject({ code: 'invalid_encryption_key' });
  });

  it.each([
    ['lines', (keys: string[]) => `${keys.join('\n')}\n`],
    ['JSON', (keys: string[]) => JSON.stringify(keys)],
  ])('come from a file of %s, the first of it before that of the environment', async (_, write) => {
    const provider = await openKeyProvider({ NANGO_ENCRYPTION_KEY_FILE: await aFile(write([second, third])), NANGO_ENCRYPTION_KEY: first });
    expect(provider.ids).toEqual(idsOf(second, third, first));
  });

  it('come from a key of KMS before all others', async () => {
    const arn = 'arn:aws:kms:us-east-1:111122223333:key/k';
    const provider = await openKeyProvider({ NANGO_KMS_KEY_ARN: arn, NANGO_ENCRYPTION_KEY: first });
    expect(provider.ids).toEqual([arn, ...idsOf(first)]);
    const left = await openKeyProvider({ NANGO_ENCRYPTION_KEY: first, NANGO_ENCRYPTION_KEYS_PREVIOUS: arn });
    expect(left.ids).toEqual([...idsOf(first), arn]);
  });

  it.each([
    [{}, 'No encryption key: set NANGO_ENCRYPTION_KEY'],
    [{ NANGO_ENCRYPTION_KEYS_PREVIOUS: first }, 'No encryption key'],
    [{ NANGO_ENCRYPTION_KEY: 'c2hvcnQ=' }, 'NANGO_ENCRYPTION_KEY holds 5 bytes'],
    [{ NANGO_ENCRYPTION_KEY: first, NANGO_ENCRYPTION_KEYS_PREVIOUS: 'c2hvcnQ=' }, 'A key of NANGO_ENCRYPTION_KEYS_PREVIOUS holds 5 bytes'],
    [{ NANGO_ENCRYPTION_KEY_FILE: '/nowhere/keys' }, 'The key file /nowhere/keys cannot be read'],
    [{ NANGO_KMS_KEY_ARN: 'arn:aws:kms:us-east-1:111122223333:alias/a' }, 'is not the ARN of a KMS key'],
  ])('are refused: %o', async (settings, problem) => {
    await expect(openKeyProvider(settings)).rejects.toMatchObject({ code: 'invalid_encryption_key', message: expect.stringContaining(problem) });
  });

  it('are refused from a file that everybody can read, that is empty, or that holds something else', async () => {
    await expect(openKeyProvider({ NANGO_ENCRYPTION_KEY_FILE: await aFile(first, 0o644) })).rejects.toThrow('can be read or written by everybody: chmod 600');
    await expect(openKeyProvider({ NANGO_ENCRYPTION_KEY_FILE: await aFile('\n') })).rejects.toThrow('must hold keys');
    await expect(openKeyProvider({ NANGO_ENCRYPTION_KEY_FILE: await aFile('[1]') })).rejects.toThrow('must hold keys');
    await expect(openKeyProvider({ NANGO_ENCRYPTION_KEY_FILE: await aFile(first, 0o640) })).resolves.toMatchObject({ ids: idsOf(first) });
  });
});
