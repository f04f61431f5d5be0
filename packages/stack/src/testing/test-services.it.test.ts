import pg from 'pg';
import { expect, it } from 'vitest';
import { temporalAnswers } from '../temporal.js';
import { freshDatabase, temporalAddress } from './test-services.js';

it('gives each caller a migrated database of its own and drops it', async () => {
  const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
  const client = new pg.Client({ connectionString: one.url });
  await client.connect();
  await client.query(`insert into account (name) values ('only here')`);
  await client.end();
  expect(await count(other.url)).toBe(0);
  expect(await count(one.url)).toBe(1);
  await Promise.all([one.drop(), other.drop()]);
  await expect(count(one.url)).rejects.toThrow('does not exist');
});

it('names a Temporal server that serves', async () => {
  expect(await temporalAnswers(temporalAddress())).toBe(true);
});

async function count(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: number }>('select count(*)::int as n from account');
    return rows[0]?.n ?? -1;
  } finally {
    await client.end();
  }
}
