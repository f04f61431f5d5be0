import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Vault } from 'credentials';
import { DATABASE, type Database } from 'database';
import { createLogger, loadConfig, type RunningService } from 'service';
import { freshDatabase, temporalAddress } from 'stack/testing';
import { ConfigurationSchema } from '../src/configuration.js';
import { startServer } from '../src/start-server.js';

type EnvironmentKeys = { id: number; secretKey: string; publicKey: string };
type EnvironmentName = 'dev' | 'prod';

/** What a test asks of the server; `as: null` sends no key. A body that is not a string is sent as JSON. */
export type Ask = { method?: string; body?: unknown; headers?: Record<string, string>; as?: EnvironmentName | null };
// oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of every shape
export type Answer = { status: number; body: any; headers: Headers };

/** A server on a free port with a database of its own. */
export type TestServer = {
  url: string;
  app: RunningService['app'];
  database: Database;
  vault: Vault;
  /** What the server was started with. */
  internalKey: string;
  queuePrefix: string;
  user: { email: string; password: string };
  environments: Record<EnvironmentName, EnvironmentKeys>;
  /** Asks as environment `dev` unless told otherwise. */
  ask(path: string, ask?: Ask): Promise<Answer>;
  close(): Promise<void>;
};

/** Boots the whole application as `main` does, with environments `dev` and `prod` and a user; `env` overrides variables. */
export async function aServer(env: Record<string, string> = {}): Promise<TestServer> {
  const database = await freshDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'server-test-'));
  const seed = aSeed();
  const seedFile = join(folder, 'seed.json');
  await writeFile(seedFile, JSON.stringify(seed), { mode: 0o600 });
  const [internalKey, queuePrefix] = [randomBytes(32).toString('base64'), `test-${randomUUID()}`];
  const configuration = loadConfig(ConfigurationSchema, {
    NANGO_DATABASE_URL: database.url,
    NANGO_INTERNAL_KEY: internalKey,
    NANGO_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SERVER_PORT: '0',
    TEMPORAL_ADDRESS: temporalAddress(),
    NANGO_QUEUE_PREFIX: queuePrefix,
    NANGO_SEED: seedFile,
    NANGO_DASHBOARD_FOLDER: join(folder, 'no-dashboard'),
    NANGO_CONNECT_FOLDER: join(folder, 'no-connect-page'),
    ...env,
  });
  const service = await startServer(configuration, createLogger('server', { level: process.env['LOG_LEVEL'] ?? 'fatal' }));
  const tables = service.app.get<Database>(DATABASE);
  const withId = async (name: EnvironmentName) => ({ ...seed.environments[name], id: (await tables.environment.findFirstOrThrow({ where: { name } })).id });
  const environments = { dev: await withId('dev'), prod: await withId('prod') };
  return {
    url: service.url,
    app: service.app,
    database: tables,
    vault: service.app.get(Vault),
    internalKey,
    queuePrefix,
    user: { email: seed.user.email, password: seed.user.password },
    environments,
    ask: (path, request = {}) => ask(service.url, path, request, request.as === null ? undefined : environments[request.as ?? 'dev'].secretKey),
    close: async () => {
      await service.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const keys = () => ({ secretKey: randomUUID(), publicKey: randomUUID() });

function aSeed() {
  return { account: 'test', user: { email: 'ada@example.com', password: randomUUID(), name: 'Ada' }, environments: { dev: keys(), prod: keys() } };
}

async function ask(url: string, path: string, { method = 'GET', body, headers = {} }: Ask, key: string | undefined): Promise<Answer> {
  const own = { ...(key ? { authorization: `Bearer ${key}` } : {}), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
  const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(url + path, { method, headers: own, redirect: 'manual', ...content });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
