import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const port = 5432;
const patienceMs = 60_000;
const command = ['postgres', '-c', 'max_connections=400', '-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];

/**
 * A Postgres server in a container of its own, over data that nobody will miss. The image takes what the official one takes:
 * `POSTGRES_PASSWORD`, and the server's command line as its command.
 * @throws Error that says what to do when no Docker engine answers
 */
export async function postgresContainer(image = 'postgres:18'): Promise<{ url: string; stop: () => Promise<void> }> {
  // Loaded here: most test runs never ask for a container.
  const { GenericContainer, getContainerRuntimeClient } = await import('testcontainers');
  await getContainerRuntimeClient().catch((cause: unknown) => {
    throw new Error('TEST_DATABASE=container needs a Docker engine, and none answers. Start one (or name it in DOCKER_HOST), or unset TEST_DATABASE.', {
      cause,
    });
  });
  const password = randomUUID();
  const container = await new GenericContainer(image).withEnvironment({ POSTGRES_PASSWORD: password }).withCommand(command).withExposedPorts(port).start();
  const stop = async (): Promise<void> => void (await container.stop());
  const url = `postgres://postgres:${password}@${container.getHost()}:${container.getMappedPort(port)}/postgres`;
  await untilItAnswers(url).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, stop };
}

/** The port of a container is open before the server behind it takes questions. */
async function untilItAnswers(url: string): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const problem = await ask(url);
    if (!problem) return;
    if (Date.now() > until) throw new Error(`the Postgres container did not answer within ${patienceMs / 1000} s`, { cause: problem });
    await sleep(100);
  }
}

async function ask(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
