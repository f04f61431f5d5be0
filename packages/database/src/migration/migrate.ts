import pg from 'pg';
import { handWritten, withEngine } from './engine.js';
import { readMigrations } from './migration-list.js';

/** Any number of ours. The engine's own lock gives up after 10 s, and sits on whichever connection of its pool took it. */
const lockKey = 6_202_611;

/** Brings a database to the newest schema and answers the names of what was applied. Callers at the same time wait for each other. */
export async function migrate(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    return await withEngine(url, async (engine) => {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: readMigrations(), filters: handWritten });
      return appliedMigrationNames;
    });
  } finally {
    await client.end();
  }
}
