import { type KeyStatus, keyStatus, type KeyUse } from 'credentials';
import { say, withDatabase } from './with-database.js';

/** `keys status`: every data key with the rows that it has sealed. */
export function showKeys(): Promise<void> {
  return withDatabase(async (pool, { currentId }) => {
    say(`current key-encryption key: ${currentId}`);
    sayStatus(await keyStatus(pool), currentId);
  });
}

/** Rows by key, and what is still to be done. */
export function sayStatus({ keys, rotation }: KeyStatus, currentKekId: string): void {
  for (const key of keys) say(describe(key, currentKekId));
  const [old, foreign] = [keys.filter(({ superseded }) => superseded), keys.filter(({ kekId }) => kekId !== currentKekId)];
  const left = old.reduce((sum, key) => sum + rowsOf(key), 0);
  say(`${keys.length} data keys, ${old.length} superseded with ${left} rows, ${foreign.length} wrapped by a previous key-encryption key`);
  if (rotation)
    say(`a rotation of ${rotation.startedAt.toISOString()} is not finished (${rotation.resealed} rows resealed): "keys rotate --data" goes on with it`);
}

function describe(key: KeyUse, currentKekId: string): string {
  const marks = [key.superseded ? 'superseded' : 'newest', `wrapped by ${key.kekId}${key.kekId === currentKekId ? '' : ' (previous)'}`];
  const places = Object.entries(key.rows).map(([place, rows]) => `${place} ${rows}`);
  return `environment ${key.environmentId}, data key ${key.id} (${marks.join(', ')}): ${rowsOf(key)} rows${places.length ? `: ${places.join(', ')}` : ''}`;
}

const rowsOf = ({ rows }: KeyUse): number => Object.values(rows).reduce((sum, count) => sum + count, 0);
