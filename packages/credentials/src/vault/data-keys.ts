import { hkdfSync, randomBytes } from 'node:crypto';
import { type Pool, type Queryable, transaction } from 'database';
import { AppError } from 'model';
import { decrypt, decryptionFailed, encrypt } from './aead.js';
import type { Keyring } from './keyring.js';

/** An environment's data key. Never used itself: each purpose has a key derived from it. */
export type DataKey = { id: number; environmentId: number; keyFor(purpose: string): Uint8Array };

type DataKeyRow = { id: number; environment_id: number; kek_id: string; wrapped: Buffer };

const cachedMs = 5 * 60_000;
const lockClass = 6_202_612;

/** Data keys as the table `data_key` holds them, wrapped; unwrapped for at most five minutes in memory. */
export class DataKeys {
  readonly #current = new Map<number, { key: Promise<DataKey>; until: number }>();
  readonly #byId = new Map<number, { key: Promise<DataKey>; until: number }>();

  constructor(
    private readonly pool: Pool,
    private readonly keyring: Keyring,
  ) {}

  /** The key that the environment seals with; made when there is none, once, whoever asks at the same time. */
  current(environmentId: number): Promise<DataKey> {
    return cached(this.#current, environmentId, async () => {
      const row = (await newest(this.pool, environmentId)) ?? (await this.#create(environmentId));
      return this.#unwrap(row);
    });
  }

  /** The key that something was sealed with. */
  async byId(environmentId: number, id: number): Promise<DataKey> {
    const key = await cached(this.#byId, id, async () => {
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

  /** @throws AppError `invalid_encryption_key` when data keys are wrapped with a key that is not in the ring. */
  async check(): Promise<void> {
    const known = [...this.keyring.keys.keys()];
    const { rowCount } = await this.pool.query('select 1 from data_key where kek_id <> all($1) limit 1', [known]);
    if (rowCount) throw new AppError('invalid_encryption_key', { message: 'The encryption key is not the one that this database was encrypted with.' });
  }

  // An advisory lock, not the environment's row: a caller may hold that row in a transaction of its own.
  #create(environmentId: number): Promise<DataKeyRow> {
    return transaction(this.pool, async (client) => {
      await client.query('select pg_advisory_xact_lock($1, $2)', [lockClass, environmentId]);
      const made = await newest(client, environmentId);
      if (made) return made;
      const wrapped = encrypt(this.#kek(this.keyring.currentId), wrapContext(environmentId), randomBytes(32));
      const { rows } = await client.query<DataKeyRow>(
        `insert into data_key (environment_id, kek_id, wrapped) values ($1, $2, $3) returning id, environment_id, kek_id, wrapped`,
        [environmentId, this.keyring.currentId, wrapped],
      );
      return rows[0]!; // one row was inserted
    });
  }

  #unwrap(row: DataKeyRow): DataKey {
    const root = decrypt(this.#kek(row.kek_id), wrapContext(row.environment_id), row.wrapped);
    const derived = new Map<string, Uint8Array>();
    const keyFor = (purpose: string): Uint8Array => {
      const label = purpose.split('/')[0] ?? purpose;
      const key = derived.get(label) ?? new Uint8Array(hkdfSync('sha256', root, '', label, 32));
      derived.set(label, key);
      return key;
    };
    return { id: row.id, environmentId: row.environment_id, keyFor };
  }

  #kek(id: string): Buffer {
    const key = this.keyring.keys.get(id);
    if (!key) throw new AppError('invalid_encryption_key', { message: `Data is encrypted with key ${id}, which is not configured.` });
    return key;
  }
}

async function newest(client: Queryable, environmentId: number): Promise<DataKeyRow | undefined> {
  const { rows } = await client.query<DataKeyRow>(
    'select id, environment_id, kek_id, wrapped from data_key where environment_id = $1 order by id desc limit 1',
    [environmentId],
  );
  return rows[0];
}

function cached(cache: Map<number, { key: Promise<DataKey>; until: number }>, id: number, load: () => Promise<DataKey>): Promise<DataKey> {
  const entry = cache.get(id);
  if (entry && entry.until > Date.now()) return entry.key;
  const key = load();
  cache.set(id, { key, until: Date.now() + cachedMs });
  key.catch(() => cache.delete(id));
  return key;
}

const wrapContext = (environmentId: number): string => `v1|data_key|${environmentId}`;
