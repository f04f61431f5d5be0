// Connections by the thousand, as an import leaves them: copies of one, made in the database.
import { createRequire } from 'node:module';

// The package that speaks to Postgres has it.
const pg = createRequire(new URL('../../../packages/database/package.json', import.meta.url))('pg');

/** A client on the stack's database; disposing of it ends it. */
export async function openDatabase(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return { query: (text, values) => client.query(text, values), [Symbol.asyncDispose]: () => client.end() };
}

/** Copies a connection `count` times, as `<name>-1` and so on. */
export async function copyConnection(database, { integration, from, name, count }) {
  await database.query(
    `INSERT INTO connection (environment_id, integration_id, connection_id, credentials, connection_config)
     SELECT c.environment_id, c.integration_id, $3 || '-' || n, c.credentials, c.connection_config
     FROM connection c JOIN integration i ON i.id = c.integration_id, generate_series(1, $4::int) AS n
     WHERE i.unique_key = $1 AND c.connection_id = $2`,
    [integration, from, name, count],
  );
}
