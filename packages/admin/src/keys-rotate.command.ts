import { countToRewrap, type KeyProvider, KeyRotation, keyStatus, rewrapDataKeys } from 'credentials';
import type { Pool } from 'database';
import { sayStatus } from './keys-status.command.js';
import { say, withDatabase } from './with-database.js';

/** Options of `keys rotate`. */
export type RotateOptions = { kek?: boolean; data?: boolean; dryRun?: boolean; wait: boolean };

/** `keys rotate`: data keys wrapped anew, then everything sealed anew; each goes on where a killed command stopped. */
export function rotateKeys({ kek = false, data = false, dryRun = false, wait }: RotateOptions): Promise<void> {
  const both = kek === data;
  return withDatabase(async (pool, provider) => {
    if (dryRun) return foretell(pool, provider, { kek: kek || both, data: data || both });
    if (kek || both) await rewrap(pool, provider);
    if (data || both) await reseal(pool, provider, wait);
    sayStatus(await keyStatus(pool), provider.currentId);
  });
}

async function rewrap(pool: Pool, provider: KeyProvider): Promise<void> {
  const total = await countToRewrap(pool, provider);
  const done = await rewrapDataKeys(pool, provider, (soFar) => say(`data keys wrapped by ${provider.currentId}: ${soFar} of ${total}`));
  if (done === 0) say(`all data keys are wrapped by ${provider.currentId} already`);
}

async function reseal(pool: Pool, provider: KeyProvider, waitToDelete: boolean): Promise<void> {
  const outcome = await new KeyRotation(pool, provider, { say, waitToDelete }).run();
  if (outcome === 'busy') say('another process is rotating the data keys');
  if (outcome === 'settling') say('everything is resealed; run "keys rotate --data" again in 15 minutes to delete the old data keys');
}

async function foretell(pool: Pool, provider: KeyProvider, { kek, data }: { kek: boolean; data: boolean }): Promise<void> {
  if (kek) say(`would wrap ${await countToRewrap(pool, provider)} data keys with ${provider.currentId}`);
  if (!data) return;
  const { keys, rotation } = await keyStatus(pool);
  // An unfinished rotation has made its new keys already.
  const affected = rotation ? keys.filter(({ superseded }) => superseded) : keys;
  const rows = affected.flatMap((key) => Object.values(key.rows)).reduce((sum, count) => sum + count, 0);
  const environments = new Set(affected.map(({ environmentId }) => environmentId)).size;
  say(`would ${rotation ? 'go on with the unfinished rotation' : `make a new data key for ${environments} environments`} and seal ${rows} rows anew`);
}
