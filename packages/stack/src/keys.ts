import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

type EnvironmentKeys = { secretKey: string; publicKey: string };

/** Everything secret that a stack on one machine makes for itself, once. */
export interface Keys {
  /** Base64 of 32 bytes: encrypts credentials and records. */
  encryptionKey: string;
  /** What the services derive their tokens from. */
  internalKey: string;
  postgresPassword: string;
  environments: { dev: EnvironmentKeys; prod: EnvironmentKeys };
  dashboard: { email: string; password: string };
}

/** The keys of a stack's folder, made at its first start and kept with its data, since the data cannot be read without them. */
export async function keysIn(home: string): Promise<Keys> {
  const given = fromOutside();
  return { ...(await ownKeys(home)), ...given };
}

/** The file from which the server makes the first account, user and environments; itself a secret. */
export async function writeSeed(home: string, { environments, dashboard }: Keys): Promise<string> {
  const file = join(home, 'seed.json');
  await rm(file, { force: true });
  await writeFile(file, JSON.stringify({ account: 'Default', user: { ...dashboard, name: 'Admin' }, environments }), { mode: 0o600 });
  return file;
}

/** Keys that the caller's environment sets win; in production the one that everything is encrypted with has to come from there. */
function fromOutside(): Partial<Keys> {
  const { NANGO_ENCRYPTION_KEY: encryptionKey, NANGO_INTERNAL_KEY: internalKey, NODE_ENV: mode } = process.env;
  if (mode === 'production' && !encryptionKey && !process.env['NANGO_ENCRYPTION_KEY_FILE'] && !process.env['NANGO_KMS_KEY_ARN']) {
    throw new Error(
      'NODE_ENV=production needs NANGO_ENCRYPTION_KEY (base64 of 32 bytes) from outside: "openssl rand -base64 32" makes one; keep it safe, the data is lost without it',
    );
  }
  return { ...(encryptionKey ? { encryptionKey } : {}), ...(internalKey ? { internalKey } : {}) };
}

/** The keys of a stack that was started in this folder before; null when none was. */
export async function readKeys(home: string): Promise<Keys | null> {
  const found = await readFile(join(home, 'keys.json'), 'utf8').catch(() => null);
  return found === null ? null : (JSON.parse(found) as Keys);
}

async function ownKeys(home: string): Promise<Keys> {
  const file = join(home, 'keys.json');
  const found = await readKeys(home);
  if (found) return found;
  const made = newKeys();
  await writeFile(`${file}.new`, JSON.stringify(made, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return made;
}

const environment = (): EnvironmentKeys => ({ secretKey: randomUUID(), publicKey: randomUUID() });

function newKeys(): Keys {
  return {
    encryptionKey: randomBytes(32).toString('base64'),
    internalKey: randomBytes(32).toString('base64url'),
    postgresPassword: randomBytes(18).toString('base64url'),
    environments: { dev: environment(), prod: environment() },
    dashboard: { email: 'admin@example.com', password: randomBytes(9).toString('base64url') },
  };
}
