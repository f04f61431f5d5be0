import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import pg from 'pg';
import { endChild, launch, untilReady } from './child.js';
import { lastingHome } from './home.js';
import { freePort } from './ports.js';
import { postgresUrl, preparePostgres, reachableByPostgres } from './postgres.js';

const isRoot = process.getuid?.() === 0;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postgres-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('keeps its data over a kill -9 of the server', async () => {
  await chmod(folder, 0o755);
  const options = { data: join(folder, 'data'), port: await freePort(), password: 'secret', ephemeral: false, programs: folder };
  const log = join(folder, 'log');
  const server = launch(await preparePostgres(options), log);
  const component = await preparePostgres(options);
  await untilReady(component, server);
  await query(postgresUrl(options), 'create table kept (n int); insert into kept values (7)');
  process.kill(server.pid, 'SIGKILL');
  await server.exited;
  const again = launch(component, log);
  await untilReady(component, again);
  expect(await query(postgresUrl(options), 'select n from kept')).toEqual([{ n: 7 }]);
  await endChild(again, { stopSignal: 'SIGINT', graceMs: 5000 });
  expect((await stat(options.data)).mode & 0o777).toBe(0o700);
});

it.runIf(isRoot)('keeps data of a root-only folder where its user can reach it', async () => {
  const home = await lastingHome(join(folder, 'secret'));
  expect(await reachableByPostgres(join(folder, 'secret/postgres'))).toBe(false);
  expect(await reachableByPostgres(home.postgresData)).toBe(true);
  expect((await lastingHome(join(folder, 'secret'))).postgresData).toBe(home.postgresData);
  await rm(join(folder, 'secret'), { recursive: true });
  expect((await lastingHome(join(folder, 'secret'))).postgresData).not.toBe(home.postgresData);
  await rm(join(home.postgresData, '..'), { recursive: true });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
