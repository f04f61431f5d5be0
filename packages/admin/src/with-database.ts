import { type KeyProvider, openKeyProvider, Vault } from 'credentials';
import { openPool, type Pool } from 'database';
import { encryptionEnvironment, loadConfig } from 'service';
import { localSettings } from 'stack';
import { z } from 'zod';

const Configuration = z.object({ NANGO_DATABASE_URL: z.string().min(1), ...encryptionEnvironment });

/** Says a line of progress to whoever runs the command. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * Runs a command on the database and keys that the environment names, or on those of the stack that runs in this working tree.
 * @throws ConfigurationError, AppError `invalid_encryption_key` when the keys do not fit the database
 */
export async function withDatabase(work: (pool: Pool, provider: KeyProvider) => Promise<void>): Promise<void> {
  const given = Object.entries(process.env).filter(([, value]) => value);
  // A database of one's own does not go with the local stack's key.
  const local = process.env['NANGO_DATABASE_URL'] ? {} : await localSettings();
  const configuration = loadConfig(Configuration, { ...local, ...Object.fromEntries(given) });
  const provider = await openKeyProvider(configuration);
  const pool = openPool(configuration.NANGO_DATABASE_URL, { max: 4 });
  try {
    await new Vault(pool, provider).check();
    await work(pool, provider);
  } finally {
    await pool.end();
  }
}
