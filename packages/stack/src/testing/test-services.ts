import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
    templateDatabase: string;
    temporalAddress: string;
  }
}

/** A migrated database that only one test uses. */
export interface TestDatabase {
  url: string;
  drop: () => Promise<void>;
}

/**
 * A migrated, empty database of the caller's own, as a copy of the run's template; gone after `drop`.
 *
 * @example
 * const database = await freshDatabase();
 * afterAll(() => database.drop());
 */
export function freshDatabase(): Promise<TestDatabase> {
  return aDatabase(`TEMPLATE ${inject('templateDatabase')}`);
}

/** A database of the caller's own without any tables. */
export function emptyDatabase(): Promise<TestDatabase> {
  return aDatabase('TEMPLATE template0');
}

async function aDatabase(template: string): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE ${name} ${template}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Where the Temporal server of this test run answers. */
export function temporalAddress(): string {
  return inject('temporalAddress');
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
