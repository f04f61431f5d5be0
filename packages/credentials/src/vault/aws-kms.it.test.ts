import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeKms } from '../test/fake-kms.js';
import { aKey, anEnvironment, openVault, type TestVault } from '../test/vault.js';
import { kmsKey } from './aws-kms.js';
import { openKeyProvider } from './key-settings.js';
import { purposes } from './purposes.js';
import { Vault } from './vault.js';

const arn = 'arn:aws:kms:eu-central-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e';
let kms: FakeKms;

beforeAll(async () => {
  kms = await FakeKms.start();
});
afterAll(() => kms.stop());
beforeEach(() => {
  kms.calls.length = 0;
  kms.refusal = undefined;
  kms.delay = undefined;
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(() => vi.unstubAllEnvs());

describe('a key of AWS KMS', () => {
  const aKmsKey = () => kmsKey(arn, { endpoint: kms.endpoint, timeoutMs: 200 });
  const dataKey = Buffer.from('a data key of 32 bytes, in fact.');

  it('wraps and unwraps, bound to its context', async () => {
    const wrapped = await aKmsKey().wrap('environment 1', dataKey);
    expect(Buffer.from(await aKmsKey().unwrap('environment 1', wrapped))).toEqual(dataKey);
    expect(kms.calls.map(({ operation, KeyId, EncryptionContext }) => ({ operation, KeyId, EncryptionContext }))).toEqual([
      { operation: 'Encrypt', KeyId: arn, EncryptionContext: { context: 'environment 1' } },
      { operation: 'Decrypt', KeyId: arn, EncryptionContext: { context: 'environment 1' } },
    ]);
    await expect(aKmsKey().unwrap('environment 2', wrapped)).rejects.toMatchObject({ code: 'decryption_failed' });
  });

  it.each([
    { status: 400, type: 'AccessDeniedException' },
    { status: 500, type: 'KMSInternalException' },
  ])('says that the key service gave no key when it answers $status $type', async (refusal) => {
    kms.refusal = refusal;
    await expect(aKmsKey().wrap('c', dataKey)).rejects.toMatchObject({ code: 'key_service_unavailable', message: `AWS KMS gave no key (${refusal.type}).` });
  });

  it('waits no longer than its time for a slow answer', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    kms.delay = promise;
    await expect(aKmsKey().wrap('c', dataKey)).rejects.toMatchObject({ code: 'key_service_unavailable', message: 'AWS KMS gave no key (TimeoutError).' });
    resolve();
  });

  it.each(['arn:aws:kms:eu-central-1:111122223333:alias/mine', 'arn:aws:s3:::bucket', 'key'])('refuses %s, which names no key', (text) => {
    expect(() => kmsKey(text)).toThrow('is not the ARN of a KMS key');
  });
});

describe('a vault on AWS KMS', () => {
  let test: TestVault;
  beforeAll(async () => {
    test = await openVault();
  });
  afterAll(() => test.close());
  const settings = () => ({ NANGO_KMS_KEY_ARN: arn, NANGO_KMS_ENDPOINT: kms.endpoint });
  const purpose = purposes.connectionCredentials;

  it('asks once for many at the same time and remembers the key', async () => {
    const environment = await anEnvironment(test.pool);
    const vault = new Vault(test.pool, await openKeyProvider(settings()));
    const sealed = await Promise.all(Array.from({ length: 20 }, (_, index) => vault.sealText(environment, purpose, String(index))));
    expect(await Promise.all(sealed.map((text) => vault.openText(environment, purpose, text)))).toEqual(sealed.map((_, index) => String(index)));
    expect(kms.calls.map(({ operation }) => operation)).toEqual(['Encrypt', 'Decrypt']);
  });

  it('forgets the key after its time, fails while KMS does, and opens again afterwards', async () => {
    const environment = await anEnvironment(test.pool);
    const vault = new Vault(test.pool, await openKeyProvider(settings()), { cacheMs: 1 });
    const sealed = await vault.sealText(environment, purpose, 'x');
    kms.refusal = { status: 400, type: 'DisabledException' };
    await vi.waitFor(() => expect(vault.openText(environment, purpose, sealed)).rejects.toMatchObject({ code: 'key_service_unavailable' }));
    kms.refusal = undefined;
    expect(await vault.openText(environment, purpose, sealed)).toBe('x');
  });

  it('takes over data keys that a key of the environment variables has wrapped', async () => {
    const own = aKey();
    const environment = await anEnvironment(test.pool);
    const sealed = await new Vault(test.pool, await openKeyProvider({ NANGO_ENCRYPTION_KEY: own })).sealText(environment, purpose, 'x');
    const moved = new Vault(test.pool, await openKeyProvider({ ...settings(), NANGO_ENCRYPTION_KEY: own }));
    expect(await moved.openText(environment, purpose, sealed)).toBe('x');
  });
});
