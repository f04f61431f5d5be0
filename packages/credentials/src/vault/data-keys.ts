import { hkdfSync, randomBytes } from 'node:crypto';
import { type Pool, type Queryable, transaction } from 'database';
import { AppError } from 'model';
import { decryptionFailed } from './aead.js';
import type { KeyProvider } from './key-provider.js';

/** An environment's data key. Never used itself: each purpose has a key derived from it. */
export type DataKey = { id: number; environmentId: number; keyFor(purpose: string): Uint8Array };

/** A row of `data_key`. */
export type DataKeyRow = { id: number; environment_id: number; kek_id: string; wrapped: Buffer };

/** How long an unwrapped key, and the knowledge which key is an environment's newest, stay in memory. */
export const keyCacheMs = 5 * 60_000;
const lockClass = 6_202_612;
const dataKeyBytes = 32;

/** Data keys as the table `data_key` holds them, wrapped; unwrapped for at most five minutes in memory. */
export class DataKeys {
  readonly #currentIds: PromiseCache<number>;
  readonly #byId: PromiseCache<DataKey>;

  constructor(
    private readonly pool: Pool,
    private readonly provider: KeyProvider,
    cacheMs: number,
  ) {
    this.#currentIds = new PromiseCache(cacheMs);
    this.#byId = new PromiseCache(cacheMs);
  }

  /** The key that the environment seals with; made when there is none, once, whoever asks at the same time. */
  async current(environmentId: number): Promise<DataKey> {
    const id = await this.#currentIds.get(environmentId, async () => (await newestId(this.pool, environmentId)) ?? (await this.#create(environmentId)));
    return this.byId(environmentId, id);
  }

  /** The key that something was sealed with. A key made by another process a moment ago is found too: an unknown id is looked up. */
  async byId(environmentId: number, id: number): Promise<DataKey> {
    const key = await this.#byId.get(id, async () => {
      const { rows } = await this.pool.query<DataKeyRow>('select id, environment_id, kek_id, wrapped from data_key where id = $1 and environment_id = $2', [
        id,
        environmentId,
      ]);
      if (!rows[0]) throw decryptionFailed('its data key is gone or belongs to another environment');
      return this.#unwrap(rows[0]);
    });
    if (key.environmentId !== environmentId) throw decryptionFailed('its data key belongs to another environment');
    return key;
  }

  /** @throws AppError `invalid_encryption_key` when data keys are wrapped with a key that is not configured. */
  async check(): Promise<void> {
    const { rowCount } = await this.pool.query('select 1 from data_key where kek_id <> all($1) limit 1', [this.provider.ids]);
    if (rowCount) throw new AppError('invalid_encryption_key', { message: 'The encryption key is not the one that this database was encrypted with.' });
  }

  // An advisory lock, not the environment's row: a caller may hold that row in a transaction of its own.
  async #create(environmentId: number): Promise<number> {
    const fresh = await newDataKey(this.provider, environmentId);
    return transaction(this.pool, async (client) => {
      await client.query('select pg_advisory_xact_lock($1, $2)', [lockClass, environmentId]);
      return (await newestId(client, environmentId)) ?? (await insertDataKey(client, fresh));
    });
  }

  async #unwrap(row: DataKeyRow): Promise<DataKey> {
    const root = await this.provider.unwrap(row.kek_id, wrapContext(row.environment_id), row.wrapped);
    const derived = new Map<string, Uint8Array>();
    const keyFor = (purpose: string): Uint8Array => {
      const label = purpose.split('/')[0] ?? purpose;
      const key = derived.get(label) ?? new Uint8Array(hkdfSync('sha256', root, '', label, dataKeyBytes));
      derived.set(label, key);
      return key;
    };
    return { id: row.id, environmentId: row.environment_id, keyFor };
  }
}

/** A data key that no row holds yet, wrapped by the current key-encryption key. */
export type NewDataKey = { environmentId: number; kekId: string; wrapped: Uint8Array };

export async function newDataKey(provider: KeyProvider, environmentId: number): Promise<NewDataKey> {
  return { environmentId, kekId: provider.currentId, wrapped: await provider.wrap(wrapContext(environmentId), randomBytes(dataKeyBytes)) };
}

/** From now on the environment's newest key. Answers its id. */
export async function insertDataKey(client: Queryable, { environmentId, kekId, wrapped }: NewDataKey): Promise<number> {
  const { rows } = await client.query<{ id: number }>('insert into data_key (environment_id, kek_id, wrapped) values ($1, $2, $3) returning id', [
    environmentId,
    kekId,
    wrapped,
  ]);
  return rows[0]!.id; // one row was inserted
}

/** What a data key's wrapping is bound to. */
export const wrapContext = (environmentId: number): string => `v1|data_key|${environmentId}`;

async function newestId(client: Queryable, environmentId: number): Promise<number | undefined> {
  const { rows } = await client.query<{ id: number }>('select id from data_key where environment_id = $1 order by id desc limit 1', [environmentId]);
  return rows[0]?.id;
}

/** Loaded once for all who ask at the same time; gone after its time, also if nobody asks again. */
class PromiseCache<T> {
  readonly #entries = new Map<number, Promise<T>>();

  constructor(private readonly keptMs: number) {}

  get(id: number, load: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(id);
    if (known) return known;
    const loading = load();
    const forget = (): void => void (this.#entries.get(id) === loading && this.#entries.delete(id));
    this.#entries.set(id, loading);
    setTimeout(forget, this.keptMs).unref();
    loading.catch(forget);
    return loading;
  }
}
