import { randomUUID } from 'node:crypto';
import type { RecordPage, SaveAnswer, SaveOperation, ScriptRecord } from 'model';
import type pg from 'pg';
import { freshDatabase } from 'stack/testing';
import { openPool } from '../pool.js';
import { DeletionStore } from '../record/deletion-store.js';
import { RecordStore } from '../record/record-store.js';
import type { ListRequest, SaveRequest } from '../record/requests.js';
import { aSealer } from './sealer.js';

/** A record store on a database of the test's own. */
export type TestStore = { pool: pg.Pool; store: RecordStore; deletions: DeletionStore; sealer: ReturnType<typeof aSealer>; close: () => Promise<void> };

export async function openStore(): Promise<TestStore> {
  const database = await freshDatabase();
  const pool = openPool(database.url);
  const sealer = aSealer();
  const close = async (): Promise<void> => {
    await pool.end();
    await database.drop();
  };
  return { pool, sealer, store: new RecordStore(pool, sealer), deletions: new DeletionStore(pool, sealer), close };
}

/** One connection's model and short ways to work on it. */
export class TestModel {
  constructor(
    readonly store: RecordStore,
    readonly scope: { environmentId: number; connectionId: number; model: string },
  ) {}

  save(records: ScriptRecord[], more: Partial<SaveRequest> = {}): Promise<SaveAnswer> {
    return this.run('save', records, more);
  }

  update(records: ScriptRecord[], more: Partial<SaveRequest> = {}): Promise<SaveAnswer> {
    return this.run('update', records, more);
  }

  delete(records: ScriptRecord[], more: Partial<SaveRequest> = {}): Promise<SaveAnswer> {
    return this.run('delete', records, more);
  }

  run(operation: SaveOperation, records: ScriptRecord[], more: Partial<SaveRequest> = {}): Promise<SaveAnswer> {
    return this.store.save({ ...this.scope, operation, records, ...more });
  }

  list(more: Partial<ListRequest> = {}): Promise<RecordPage> {
    return this.store.list({ ...this.scope, ...more });
  }

  async one(id: string): Promise<RecordPage['records'][number] | undefined> {
    return (await this.list({ ids: [id] })).records[0];
  }
}

/** A model of a new connection, in an environment of its own unless one is given. */
export async function aModel({ pool, store }: TestStore, options: { environmentId?: number } = {}): Promise<TestModel> {
  const environmentId = options.environmentId ?? (await anEnvironment(pool));
  const integration = await insert(pool, `insert into integration (environment_id, unique_key, provider) values ($1, $2, 'demo') returning id`, [
    environmentId,
    randomUUID(),
  ]);
  const connectionId = await insert(
    pool,
    `insert into connection (environment_id, integration_id, connection_id, credentials) values ($1, $2, $3, '') returning id`,
    [environmentId, integration, randomUUID()],
  );
  return new TestModel(store, { environmentId, connectionId, model: 'Task' });
}

/** A running execution on a model's connection. */
export async function anExecution(
  { pool }: TestStore,
  { scope }: TestModel,
  syncId: string | null = null,
): Promise<{ executionId: string; generation: number }> {
  const executionId = randomUUID();
  await pool.query(
    `insert into execution (id, environment_id, kind, status, connection_id, script_version_id, operation_id, generation, sync_id) values ($1, $2, 'sync', 'running', $3, 1, $4, 1, $5)`,
    [executionId, scope.environmentId, scope.connectionId, randomUUID(), syncId],
  );
  return { executionId, generation: 1 };
}

/** A sync on a model's connection. */
export async function aSync({ pool }: TestStore, { scope }: TestModel): Promise<string> {
  const script = await insert(
    pool,
    `insert into script (environment_id, integration_id, type, name) select $1, integration_id, 'sync', $3 from connection where id = $2 returning id`,
    [scope.environmentId, scope.connectionId, randomUUID()],
  );
  const id = randomUUID();
  await pool.query('insert into sync (id, environment_id, connection_id, script_id) values ($1, $2, $3, $4)', [
    id,
    scope.environmentId,
    scope.connectionId,
    script,
  ]);
  return id;
}

async function anEnvironment(pool: pg.Pool): Promise<number> {
  const account = await insert(pool, `insert into account (name) values ('team') returning id`, []);
  return insert(pool, `insert into environment (account_id, name, secret_key_hash, secret_key, public_key) values ($1, 'dev', $2, '', $3) returning id`, [
    account,
    Buffer.from(randomUUID()),
    randomUUID(),
  ]);
}

async function insert(pool: pg.Pool, sql: string, values: unknown[]): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(sql, values);
  return rows[0]!.id; // every statement here returns the row it made
}
