import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServer, type TestServer } from '../../test/server.js';
import { readSeed } from './seed.js';
import { SeedService } from './seed.service.js';

describe('the seed', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server?.close());

  const everything = async () => ({
    accounts: await server.database.account.findMany(),
    users: await server.database.user.findMany(),
    environments: await server.database.environment.findMany({ omit: { secretKey: true } }),
  });

  it('planted again, also twice at once, changes nothing', async () => {
    const before = await everything();
    const seeds = server.app.get(SeedService);
    await Promise.all([seeds.onModuleInit(), seeds.onModuleInit()]);
    expect(await everything()).toEqual(before);
    expect(before.accounts).toHaveLength(1);
    expect((await server.ask('/environment')).status).toBe(200);
  });

  it('keeps the password only as a hash', async () => {
    expect(JSON.stringify(await everything())).not.toContain(server.user.password);
  });

  it('names what is wrong in the file and not its values', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'seed-')), 'seed.json');
    await writeFile(
      file,
      JSON.stringify({
        account: 'a',
        user: { email: 'x', password: 'secret-word', name: 'n' },
        environments: { dev: { secretKey: randomUUID(), publicKey: '1' } },
      }),
    );
    await expect(readSeed(file)).rejects.toThrow(/user\.email.*environments\.dev\.publicKey.*environments\.prod/);
    await expect(readSeed(file)).rejects.not.toThrow(/secret-word/);
  });
});
