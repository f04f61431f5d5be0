import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { builtProgram, repositoryRoot } from '../repository.js';

const run = promisify(execFile);

/**
 * The name of a database that holds the migrated, empty schema, made when the server has none of these migrations yet.
 * Nobody may be connected to it while it is copied, so it is made under another name and renamed when it is whole.
 */
export async function makeTemplate(serverUrl: string): Promise<string> {
  const name = `template_${await hashOfMigrations()}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [name]);
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount) return name;
    const made = `making_${randomUUID().replaceAll('-', '')}`;
    await client.query(`CREATE DATABASE ${made}`);
    await migrate(serverUrl, made);
    await client.query(`ALTER DATABASE ${made} RENAME TO ${name}`);
    return name;
  } finally {
    await client.end();
  }
}

async function migrate(serverUrl: string, database: string): Promise<void> {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  await run(process.execPath, [builtProgram('packages/database', 'migrate.main.js')], { env: { ...process.env, NANGO_DATABASE_URL: url.href } });
}

async function hashOfMigrations(): Promise<string> {
  const folders = [join(repositoryRoot, 'packages/database/prisma'), join(repositoryRoot, 'packages/database/dist')];
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = (await readdir(folder, { recursive: true }).catch(() => [])).filter((file) => /\.(sql|prisma|toml)$|migrat.*\.js$/.test(file)).sort();
    for (const file of files) hash.update(file).update(await readFile(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
