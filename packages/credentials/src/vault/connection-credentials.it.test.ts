import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEnvironment, openVault, type TestVault } from '../test/vault.js';
import { openCredentials, sealCredentials } from './connection-credentials.js';
import { purposes } from './purposes.js';

const credentials = { type: 'API_KEY', apiKey: 'k' } as const;

describe('a sealed credential', () => {
  let test: TestVault;
  let owner: { environmentId: number; integrationId: number; connectionId: string };
  beforeAll(async () => {
    test = await openVault();
    owner = { environmentId: await anEnvironment(test.pool), integrationId: 1, connectionId: 'a' };
  });
  afterAll(() => test?.close());

  it('opens for its own connection', async () => {
    expect(await openCredentials(test.vault, owner, await sealCredentials(test.vault, owner, credentials))).toEqual(credentials);
  });

  it.each([
    ['connection', { connectionId: 'b' }],
    ['integration', { integrationId: 2 }],
    ['name that looks like it', { integrationId: 1, connectionId: 'a/' }],
  ])('does not open in the row of another %s (K-01)', async (_, other) => {
    const sealed = await sealCredentials(test.vault, owner, credentials);
    await expect(openCredentials(test.vault, { ...owner, ...other }, sealed)).rejects.toMatchObject({ code: 'decryption_failed' });
  });

  it('opens as well where it was sealed before credentials were bound to their connection', async () => {
    const sealed = await test.vault.sealText(owner.environmentId, purposes.connectionCredentials, JSON.stringify(credentials));
    expect(await openCredentials(test.vault, owner, sealed)).toEqual(credentials);
  });
});
