import { existsSync } from 'node:fs';
import { afterEach, expect, inject, it, vi } from 'vitest';
import pg from 'pg';
import { postgresContainer } from './postgres-container.js';

afterEach(() => vi.unstubAllEnvs());

// Where the engine's usual socket lies, it is found whatever the environment says.
it.skipIf(existsSync('/var/run/docker.sock'))('says what to do when no Docker engine answers', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
  vi.stubEnv('HOME', '/nowhere');
  vi.stubEnv('XDG_RUNTIME_DIR', '/nowhere');
  await expect(postgresContainer()).rejects.toThrow('TEST_DATABASE=container needs a Docker engine, and none answers.');
});

it.runIf(process.env['TEST_DATABASE'] === 'container')('gives this test run its Postgres from a container', async () => {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  const { rows } = await client.query<{ fsync: string; address: string }>(`select current_setting('fsync') as fsync, host(inet_server_addr()) as address`);
  await client.end();
  // Its own address, not this machine's.
  expect(rows).toEqual([{ fsync: 'off', address: expect.not.stringMatching(/^127\./) }]);
});
