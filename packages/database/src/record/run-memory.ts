import type pg from 'pg';
import { type Queryable, transaction } from '../pool.js';
import type { Batch } from './batch.js';
import { type Change, compareKnown, type Comparison } from './compare.js';
import { KnownRows } from './known-rows.js';
import type { ModelRow } from './model-row.js';
import type { ModelKey } from './requests.js';

const pageRows = 20_000;

/** A batch compared in memory: what it asks, the rows it meets, and the version the model must have when it is written. */
export type Prediction = { comparison: Comparison; version: number; rowNumbers: number[] };

/**
 * A model as it will be once every save that was compared here is written. It holds only as long as nobody else writes:
 * each write checks that the model's version is the one predicted.
 */
export class RunMemory {
  #version: number;
  #nextRow: number;

  constructor(
    readonly model: ModelRow,
    readonly rows: KnownRows,
  ) {
    this.#version = model.version;
    this.#nextRow = model.nextRow;
  }

  /** Compares a batch and takes its outcome as given from then on. */
  compare(operation: 'save' | 'delete', batch: Batch): Prediction {
    const comparison = compareKnown(operation, batch, this.rows, this.model);
    const version = this.#version;
    if (comparison.changes.length > 0) this.#version++;
    const changed = comparison.changes.map((change) => this.#take(change));
    return { comparison, version, rowNumbers: [...comparison.unchanged.map((row) => row.rowNumber), ...changed] };
  }

  #take(change: Change): number {
    if (change.kind === 'insert') {
      const { externalId, hash, dead } = change;
      this.rows.set({ externalId, hash, rowNumber: this.#nextRow, deleted: dead, pruned: false });
      return this.#nextRow++;
    }
    const { row } = change;
    const isDeleted = change.kind === 'delete' || (change.kind === 'restore' && row.deleted);
    const hasPayload = change.kind !== 'delete' && change.text !== null;
    this.rows.set({ ...row, hash: change.kind === 'delete' ? row.hash : change.hash, deleted: isDeleted, pruned: row.pruned && !hasPayload });
    return row.rowNumber;
  }
}

/** Reads a model's rows. Undefined when it is not the one that was seen any more. */
export async function remember(pool: pg.Pool, key: ModelKey, model: ModelRow): Promise<RunMemory | undefined> {
  const rows = new KnownRows();
  if (model.nextRow === 0) return new RunMemory(model, rows);
  return transaction(pool, async (client) => {
    await client.query('set transaction isolation level repeatable read read only');
    if ((await readVersion(client, key)) !== model.version) return undefined;
    for (let after = ''; ;) {
      const page = await readPage(client, key, after);
      for (const row of page) rows.set({ ...row, hash: row.hash.toString('latin1') });
      after = page.at(-1)?.externalId ?? '';
      if (page.length < pageRows) return new RunMemory(model, rows);
    }
  });
}

/** The model's version as it is now. */
export async function readVersion(client: Queryable, { modelId, environmentId }: ModelKey): Promise<number | undefined> {
  const { rows } = await client.query<{ version: number }>({
    name: 'record_model_version',
    text: 'select version from record_model where id = $1 and environment_id = $2',
    values: [modelId, environmentId],
  });
  return rows[0]?.version;
}

type PageRow = { externalId: string; hash: Buffer; rowNumber: number; deleted: boolean; pruned: boolean };

async function readPage(client: Queryable, { connectionId, modelId, environmentId }: ModelKey, after: string): Promise<PageRow[]> {
  const { rows } = await client.query<PageRow>(
    `select external_id as "externalId", hash, row_number as "rowNumber", deleted_at is not null as deleted, pruned_at is not null as pruned
     from record where connection_id = $1 and model_id = $2 and environment_id = $3 and external_id > $4 order by external_id limit $5`,
    [connectionId, modelId, environmentId, after, pageRows],
  );
  return rows;
}
