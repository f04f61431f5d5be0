import { setTimeout as sleep } from 'node:timers/promises';
import { type Pool, type PoolClient, transaction } from 'database';
import { insertDataKey, keyCacheMs, type NewDataKey, newDataKey } from '../vault/data-keys.js';
import type { KeyProvider } from '../vault/key-provider.js';
import { Vault } from '../vault/vault.js';
import { keyStatus, supersededKeys } from './key-status.js';
import { resealBatch } from './reseal.js';
import { nameOf, type SealedColumn, sealedColumns } from './sealed-columns.js';

/** How a rotation runs. */
export type RotationOptions = {
  /** False: ends once all rows are resealed, and leaves it to the next call to delete the old keys. */
  waitToDelete?: boolean;
  /**
   * How long nothing may be found under the old keys before they are deleted. A service seals with a key for the five minutes it is cached,
   * and repeats a write for five more while the database is away; a reader holds a ciphertext for less.
   */
  settleMs?: number;
  say?: (line: string) => void;
};

type Progress = Record<string, string[] | 'done'>;
type OpenRotation = { id: number; progress: Progress; cleanForMs: number | null; resealed: number };
type ColumnPass = { vault: Vault; id: number; column: SealedColumn; superseded: number[]; from: string[] | null };
type Pass = { resealed: number; missed: number; unreadable: number };

const lockClass = 6_202_613;
const defaultSettleMs = keyCacheMs * 3;
const sayEveryMs = 60_000;
const pauseMs = 5_000;

/**
 * Gives every environment a new data key, seals everything anew with it while services read and write, and deletes the old keys when
 * nothing uses them any more. Killed at any moment, the next call goes on where this one stopped.
 */
export class KeyRotation {
  readonly #settleMs: number;
  readonly #say: (line: string) => void;

  constructor(
    private readonly pool: Pool,
    private readonly provider: KeyProvider,
    private readonly options: RotationOptions = {},
  ) {
    this.#settleMs = options.settleMs ?? defaultSettleMs;
    this.#say = options.say ?? (() => undefined);
  }

  /** Whether the old keys are gone; `busy` while another process rotates. */
  async run(): Promise<'finished' | 'settling' | 'busy'> {
    const client = await this.#lock();
    if (!client) return 'busy';
    try {
      return await this.#rotate(await this.#begin());
    } finally {
      // Ends the session, and with it the lock.
      client.release(true);
    }
  }

  async #rotate(rotation: OpenRotation): Promise<'finished' | 'settling'> {
    // Made here: it must not remember which keys were the newest before.
    const vault = new Vault(this.pool, this.provider);
    for (let current = rotation; ; current = await this.#read(rotation.id)) {
      const settled = current.cleanForMs !== null && current.cleanForMs >= this.#settleMs;
      const pass = await this.#pass(vault, current);
      if (pass.resealed + pass.missed > 0) {
        await this.#mark(rotation.id, 'NULL');
        // Services seal with the old keys for as long as they remember them: no need to look all the time.
        await sleep(Math.min(pauseMs, this.#settleMs / 10));
      } else if (settled) {
        await this.#finish(rotation.id, pass.unreadable);
        return 'finished';
      } else {
        await this.#mark(rotation.id, 'coalesce(clean_since, now())');
        if (this.options.waitToDelete === false) return 'settling';
        await this.#settle(rotation.id);
      }
    }
  }

  /** Looks through every column once. What a killed pass has done already is skipped, except while proving that nothing is left. */
  async #pass(vault: Vault, { id, progress, cleanForMs }: OpenRotation): Promise<Pass> {
    const superseded = await supersededKeys(this.pool);
    const total: Pass = { resealed: 0, missed: 0, unreadable: 0 };
    const known = cleanForMs === null ? progress : {};
    for (const column of sealedColumns) {
      const done = known[nameOf(column)];
      if (done === 'done') continue;
      const part = await this.#column({ vault, id, column, superseded, from: done ?? null });
      total.resealed += part.resealed;
      total.missed += part.missed;
      total.unreadable += part.unreadable;
    }
    return total;
  }

  async #column({ vault, id, column, superseded, from }: ColumnPass): Promise<Pass> {
    const total: Pass = { resealed: 0, missed: 0, unreadable: 0 };
    for (let after = from; ;) {
      const batch = await resealBatch(this.pool, vault, column, superseded, after);
      total.resealed += batch.resealed;
      total.missed += batch.missed;
      total.unreadable += batch.unreadable;
      await this.#note(id, column, batch.last ?? 'done', batch.resealed);
      if (batch.resealed > 0) this.#say(`${nameOf(column)}: ${total.resealed} rows resealed`);
      if (!batch.last) return total;
      after = batch.last;
    }
  }

  /** An unfinished rotation, or a new one with a new key for each environment that has one. */
  async #begin(): Promise<OpenRotation> {
    const { rows } = await this.pool.query<{ id: number }>('SELECT id FROM key_rotation WHERE finished_at IS NULL ORDER BY id LIMIT 1');
    if (rows[0]) {
      this.#say('going on with the rotation that was not finished');
      return this.#read(rows[0].id);
    }
    const environments = await this.pool.query<{ id: number }>('SELECT DISTINCT environment_id AS id FROM data_key ORDER BY 1');
    const fresh: NewDataKey[] = [];
    for (const { id } of environments.rows) fresh.push(await newDataKey(this.provider, id));
    const id = await transaction(this.pool, async (client) => {
      for (const key of fresh) await insertDataKey(client, key);
      const made = await client.query<{ id: number }>('INSERT INTO key_rotation DEFAULT VALUES RETURNING id');
      return made.rows[0]!.id; // one row was inserted
    });
    this.#say(`${fresh.length} environments have a new data key`);
    return this.#read(id);
  }

  async #read(id: number): Promise<OpenRotation> {
    const { rows } = await this.pool.query<OpenRotation>(
      `SELECT id, progress, resealed, (extract(epoch FROM now() - clean_since) * 1000)::float8 AS "cleanForMs" FROM key_rotation WHERE id = $1`,
      [id],
    );
    return rows[0]!; // rows of this table are never deleted
  }

  /** Notes how a pass ended; the next one starts at the beginning. */
  async #mark(id: number, cleanSince: 'NULL' | 'coalesce(clean_since, now())'): Promise<void> {
    await this.pool.query(`UPDATE key_rotation SET progress = '{}', clean_since = ${cleanSince} WHERE id = $1`, [id]);
  }

  async #note(id: number, column: SealedColumn, place: string[] | 'done', resealed: number): Promise<void> {
    await this.pool.query('UPDATE key_rotation SET progress = progress || jsonb_build_object($2::text, $3::jsonb), resealed = resealed + $4 WHERE id = $1', [
      id,
      nameOf(column),
      JSON.stringify(place),
      resealed,
    ]);
  }

  async #settle(id: number): Promise<void> {
    for (;;) {
      const { cleanForMs } = await this.#read(id);
      const leftMs = this.#settleMs - (cleanForMs ?? 0);
      if (leftMs <= 0) return;
      this.#say(`everything is resealed; the old keys are deleted in ${Math.ceil(leftMs / 1000)} s, if nothing uses them until then`);
      await sleep(Math.min(leftMs, sayEveryMs));
    }
  }

  async #finish(id: number, unreadable: number): Promise<void> {
    const { keys } = await keyStatus(this.pool);
    const unused = keys.filter((key) => key.superseded && Object.keys(key.rows).length === 0).map((key) => key.id);
    await transaction(this.pool, async (client) => {
      await client.query('DELETE FROM data_key WHERE id = ANY($1::int[])', [unused]);
      await client.query('UPDATE key_rotation SET finished_at = now() WHERE id = $1', [id]);
    });
    this.#say(`${unused.length} old data keys deleted`);
    if (unreadable > 0) this.#say(`${unreadable} rows do not open; they and their keys were left as they are`);
  }

  async #lock(): Promise<PoolClient | undefined> {
    const client = await this.pool.connect();
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1, 0) AS locked', [lockClass]);
    if (rows[0]?.locked) return client;
    client.release();
    return undefined;
  }
}
