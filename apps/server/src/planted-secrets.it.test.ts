import { randomBytes } from 'node:crypto';
import { POOL, type Pool } from 'database';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EnvironmentVariableRepository } from './environment/environment-variable.repository.js';
import { aServer, type TestServer } from '../test/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await aServer();
});
afterAll(() => server?.close());

const aSecret = (): string => `planted-${randomBytes(12).toString('hex')}`;

it('leaves none of 1,000 secrets readable in a dump of the database (K-05)', async () => {
  const secrets = Array.from({ length: 1_000 }, aSecret);
  const [clients, variables, keys] = [secrets.slice(0, 100), secrets.slice(100, 300), secrets.slice(300)];
  const ok = (answer: { status: number; body: unknown }) => expect(answer).toMatchObject({ status: expect.toSatisfy((status: number) => status < 300) });
  for (const [index, secret] of clients.entries()) {
    const credentials = { type: 'OAUTH2', client_id: `id-${index}`, client_secret: secret };
    ok(await server.ask('/integrations', { method: 'POST', body: { unique_key: `oauth-${index}`, provider: 'github', credentials } }));
  }
  const named = variables.map((value, index) => ({ name: `V${index}`, value }));
  await server.app.get(EnvironmentVariableRepository).replace(server.environments.dev.id, named);
  ok(await server.ask('/integrations', { method: 'POST', body: { unique_key: 'api', provider: 'private-api-bearer' } }));
  for (const [index, apiKey] of keys.entries()) {
    const body = {
      provider_config_key: 'api',
      connection_id: `c${index}`,
      credentials: { type: 'API_KEY', apiKey },
      connection_config: { baseUrl: 'https://a.example' },
    };
    ok(await server.ask('/connections', { method: 'POST', body }));
  }
  const dump = await dumpOf(server.app.get<Pool>(POOL));
  expect(dump).toContain('c699');
  const forms = (text: string) => [text, Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64').slice(0, 30)];
  const readable = [...secrets, server.environments.dev.secretKey, server.environments.prod.secretKey].filter((secret) =>
    forms(secret).some((form) => dump.includes(form)),
  );
  expect(readable).toEqual([]);
});

/** Every row of every table as text; bytes as hex. */
async function dumpOf(pool: Pool): Promise<string> {
  const { rows: tables } = await pool.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
  const contents = await Promise.all(tables.map(({ name }) => pool.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t`)));
  return contents.flatMap(({ rows }) => rows.map(({ row }) => row)).join('\n');
}
