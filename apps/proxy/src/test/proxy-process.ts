import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The built proxy in a process of its own, whose memory can be watched. */
export class ProxyProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(settings: Record<string, string>): Promise<ProxyProcess> {
    const port = String(await freePort());
    const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
    const child = spawn(process.execPath, [main], { env: { ...settings, PROXY_PORT: port }, stdio: ['ignore', 'ignore', 'inherit'] });
    const url = `http://127.0.0.1:${port}`;
    while (child.exitCode === null && !(await answers(url))) await wait(50);
    return new ProxyProcess(url, child);
  }

  /** Several processes with the same settings: one installation's. */
  static startMany(count: number, settings: Record<string, string>): Promise<ProxyProcess[]> {
    return Promise.all(Array.from({ length: count }, () => ProxyProcess.start(settings)));
  }

  /** Bytes of memory that are the process's now; of Linux. */
  get residentBytes(): number {
    const [, kilobytes = 'NaN'] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) * 1024;
  }

  /** The most memory over that of the beginning, while something runs. */
  async growthDuring(run: () => Promise<void>): Promise<number> {
    const before = this.residentBytes;
    let most = before;
    const timer = setInterval(() => (most = Math.max(most, this.residentBytes)), 50);
    try {
      await run();
    } finally {
      clearInterval(timer);
    }
    return most - before;
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** Ends it as a crash does. */
  crash(): Promise<void> {
    return this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    await gone;
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listens on TCP
  await new Promise((resolve) => server.close(resolve));
  return port;
}
