import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort, freshDatabase, temporalAddress, type TestDatabase } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const built = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const start = (env: Record<string, string>): ChildProcess =>
  spawn(process.execPath, [built], { env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'fatal', ...env }, stdio: ['ignore', 'ignore', 'pipe'] });

describe('the built server', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database?.drop());

  it('answers when it is ready, refuses strangers, and ends on SIGTERM', async () => {
    const port = await freePort();
    const child = start({
      NANGO_DATABASE_URL: database.url,
      NANGO_INTERNAL_KEY: randomBytes(32).toString('base64'),
      NANGO_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      TEMPORAL_ADDRESS: temporalAddress(),
      SERVER_PORT: String(port),
    });
    const ended = once(child, 'exit');
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    await vi.waitFor(async () => expect(await (await ask('/health')).json()).toEqual({ result: 'ok' }), { timeout: 20_000, interval: 50 });
    expect((await ask('/records')).status).toBe(401);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('says in one line which variable is missing', async () => {
    const child = start({ NANGO_DATABASE_URL: database.url });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = await once(child, 'close');
    expect([code, said]).toEqual([1, expect.stringMatching(/^server: bad configuration: NANGO_INTERNAL_KEY: is required\n$/)]);
  });
});
