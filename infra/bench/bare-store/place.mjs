import { randomBytes, randomUUID } from 'node:crypto';
import { keyringFrom, Vault } from '../../../packages/credentials/dist/index.js';
import { openPool, RecordStore } from '../../../packages/database/dist/index.js';

/** A team of its own on the database, and a record store with a vault; closing it removes everything. */
export async function openPlace(url) {
  const pool = openPool(url, { max: 8 });
  const one = async (sql, values) => (await pool.query(sql, values)).rows[0].id;
  const account = await one(`insert into account (name) values ('bare store') returning id`, []);
  const environmentId = await one(
    `insert into environment (account_id, name, secret_key_hash, secret_key, public_key) values ($1, 'bare', $2, '', $3) returning id`,
    [account, randomBytes(32), randomUUID()],
  );
  const integration = await one(`insert into integration (environment_id, unique_key, provider) values ($1, 'bare', 'demo') returning id`, [environmentId]);
  const records = new RecordStore(pool, new Vault(pool, keyringFrom(randomBytes(32).toString('base64'))));

  return {
    records,
    async aConnection() {
      const values = [environmentId, integration, randomUUID()];
      const connectionId = await one(
        `insert into connection (environment_id, integration_id, connection_id, credentials) values ($1, $2, $3, '') returning id`,
        values,
      );
      return { environmentId, connectionId, model: 'BenchRecord' };
    },
    async anExecution({ connectionId }) {
      const executionId = randomUUID();
      await pool.query(
        `insert into execution (id, environment_id, kind, status, connection_id, script_version_id, operation_id, generation)
         values ($1, $2, 'sync', 'running', $3, 1, $4, 1)`,
        [executionId, environmentId, connectionId, randomUUID()],
      );
      return { executionId, generation: 1, trackSeen: true };
    },
    async endExecution({ executionId }) {
      await pool.query(`update execution set status = 'succeeded' where id = $1`, [executionId]);
    },
    async close() {
      await pool.query('delete from record where environment_id = $1', [environmentId]);
      await pool.query('delete from account where id = $1', [account]);
      await pool.end();
    },
  };
}
