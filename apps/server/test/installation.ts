import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPool, type Pool } from 'database';
import { freePort, freshDatabase, Product, temporalAddress, type TestDatabase } from 'stack/testing';
import { vi } from 'vitest';
import { Balancer } from './balancer.js';

type Parts = { balancer: Balancer; servers: string[]; database: TestDatabase; pool: Pool; product: Product; folder: string; processes: ChildProcess[] };

/** Two built servers behind one port and a built proxy, on a database of their own. */
export class Installation {
  readonly url: string;
  readonly servers: string[];
  readonly balancer: Balancer;
  readonly pool: Pool;
  readonly product: Product;

  private constructor(private readonly parts: Parts) {
    ({ servers: this.servers, balancer: this.balancer, pool: this.pool, product: this.product } = parts);
    this.url = parts.balancer.url;
  }

  static async start(): Promise<Installation> {
    const [database, folder, ports] = await Promise.all([
      freshDatabase(),
      mkdtemp(join(tmpdir(), 'installation-')),
      Promise.all([freePort(), freePort(), freePort()]),
    ]);
    const [proxyPort, ...serverPorts] = ports;
    const balancer = await Balancer.before(serverPorts);
    const dev = { secretKey: randomUUID(), publicKey: randomUUID() };
    const env = await environmentOf({ database, folder, dev, url: balancer.url, proxyPort });
    const processes = [run('proxy', { ...env, PROXY_PORT: String(proxyPort) })];
    // One after the other: the first fills the database from the seed.
    for (const port of serverPorts) {
      processes.push(run('server', { ...env, SERVER_PORT: String(port) }));
      await answers(port);
    }
    await answers(proxyPort);
    const servers = serverPorts.map((port) => `http://127.0.0.1:${port}`);
    const product = new Product({ serverUrl: balancer.url, secretKey: dev.secretKey }, '');
    return new Installation({ balancer, servers, database, folder, product, processes, pool: openPool(database.url) });
  }

  async stop(): Promise<void> {
    const { processes, balancer, pool, database, folder } = this.parts;
    await Promise.all(processes.map((child) => new Promise((resolve) => child.once('exit', resolve).kill('SIGTERM'))));
    balancer.close();
    await pool.end();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Wiring = { database: TestDatabase; folder: string; dev: object; url: string; proxyPort: number };

async function environmentOf({ database, folder, dev, url, proxyPort }: Wiring): Promise<Record<string, string>> {
  const seed = join(folder, 'seed.json');
  const prod = { secretKey: randomUUID(), publicKey: randomUUID() };
  const user = { email: 'ada@example.com', password: randomUUID(), name: 'Ada' };
  await writeFile(seed, JSON.stringify({ account: 'test', user, environments: { dev, prod } }), { mode: 0o600 });
  return {
    PATH: process.env['PATH'] ?? '',
    NANGO_DATABASE_URL: database.url,
    NANGO_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    NANGO_INTERNAL_KEY: randomBytes(32).toString('base64'),
    NANGO_EGRESS_ALLOW: '127.0.0.1',
    NANGO_SERVER_URL: url,
    NANGO_SEED: seed,
    NANGO_QUEUE_PREFIX: `installation-${proxyPort}`,
    TEMPORAL_ADDRESS: temporalAddress(),
    PROXY_URL: `http://127.0.0.1:${proxyPort}`,
  };
}

function run(app: string, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(new URL(`../../${app}/dist/main.js`, import.meta.url))], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function answers(port: number): Promise<void> {
  await vi.waitFor(
    async () => {
      if (!(await fetch(`http://127.0.0.1:${port}/health`)).ok) throw new Error('not yet');
    },
    { timeout: 60_000, interval: 100 },
  );
}
