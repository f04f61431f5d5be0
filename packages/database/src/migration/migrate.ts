import type { MigrationList } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { handWritten, withEngine } from './engine.js';
import { readMigrations } from './migration-list.js';

/** Any number of ours. The engine's own lock gives up after 10 s, and sits on whichever connection of its pool took it. */
const lockKey = 6_202_611;

/** Brings a database to the newest schema, or to that of an earlier migration, and answers the names of what was applied. Callers at the same time wait for each other. */
export async function migrate(url: string, { until }: { until?: string } = {}): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    return await withEngine(url, async (engine) => {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: migrationsUntil(until), filters: handWritten });
      return appliedMigrationNames;
    });
  } finally {
    await client.end();
  }
}

function migrationsUntil(until: string | undefined): MigrationList {
  const list = readMigrations();
  return until === undefined ? list : { ...list, migrationDirectories: list.migrationDirectories.filter(({ path }) => path <= until) };
}
