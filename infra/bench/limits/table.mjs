// The plain table that raw Postgres is measured on, and the records that go in.
import { createHash } from 'node:crypto';

/** Records in the table. */
export const recordCount = 100_000;
const batchSize = 1000;

/** A schema of its own with one empty table. */
export async function createTable(client) {
  await dropTable(client);
  await client.query(`
    create schema limits;
    create table limits.r (conn int not null, model int not null, ext text not null, hash bytea not null, data jsonb not null, seq bigint not null,
      deleted boolean not null default false, primary key (conn, model, ext));
    create index on limits.r (conn, model, seq)`);
}

/** Removes all that was made. */
export async function dropTable(client) {
  await client.query('drop schema if exists limits cascade');
}

/** All records in batches of ids, hashes and bodies; of every hundred, the first so many are changed. */
export function batches(changedOfHundred) {
  return Array.from({ length: recordCount / batchSize }, (_, batch) => {
    const numbers = Array.from({ length: batchSize }, (_, position) => batch * batchSize + position);
    const bodies = numbers.map((number) => JSON.stringify(record(number, number % 100 < changedOfHundred ? 1 : 0)));
    return [numbers.map((number) => `rec_${number}`), bodies.map((body) => createHash('md5').update(body).digest()), bodies];
  });
}

function record(number, rev) {
  return {
    id: `rec_${String(number).padStart(8, '0')}`,
    name: `Contact number ${number}`,
    email: `user${number}@example.com`,
    company: `Company ${number % 997}`,
    amount: (number * 37) % 10007,
    active: number % 3 !== 0,
    rev,
    created_at: new Date(1700000000000 + number * 1000).toISOString(),
    tags: ['alpha', 'beta', `t${number % 17}`],
    note: 'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor'.slice(0, 60 + (number % 16)),
  };
}
