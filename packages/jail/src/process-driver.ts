import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { realmFolder } from 'script';
import { ChildMessage, type DriverMessage } from './child-messages.js';
import type { Jail, JailExit, JailListener, RunnerDriver } from './driver.js';
import { encodeFrame, type Frame, FrameReader } from './frame.js';
import { limitedCommand } from './limited-command.js';

/** Larger than any frame a well-behaved jail sends: a save of 1000 records is cut into 16 MB before. */
const maxFrameBytes = 64 * 1024 * 1024;
const maxStderr = 16_000;
const readyWithinMs = 20_000;

const program = fileURLToPath(new URL('../dist/jail-process.cjs', import.meta.url));

/** A jail as a Node process of its own: no network, no files but its code, no environment, bounded memory. */
export const processDriver: RunnerDriver = {
  name: 'process',
  start: ({ heapMb }) => new ProcessJail(heapMb),
};

function nodeArguments(heapMb: number): string[] {
  return [
    '--permission',
    `--allow-fs-read=${program}`,
    `--allow-fs-read=${realmFolder}`,
    '--no-addons',
    '--disallow-code-generation-from-strings',
    '--disable-proto=delete',
    '--no-experimental-sqlite',
    '--no-experimental-websocket',
    '--no-experimental-global-navigator',
    // Lets the host refuse `import()` with an error of the script's own realm.
    '--experimental-vm-modules',
    '--no-warnings',
    '--v8-pool-size=1',
    `--max-old-space-size=${heapMb}`,
    program,
    realmFolder,
  ];
}

class ProcessJail implements Jail {
  readonly heapMb: number;
  readonly ready: Promise<void>;
  readonly exited: Promise<JailExit>;
  readonly #child: ChildProcess;
  readonly #bridge: Duplex;
  readonly #reader = new FrameReader(maxFrameBytes);
  #stderr = '';
  #listener: JailListener | null = null;
  #becameReady: () => void = () => undefined;

  constructor(heapMb: number) {
    this.heapMb = heapMb;
    const [command, ...args] = limitedCommand([process.execPath, ...nodeArguments(heapMb)], heapMb);
    this.#child = spawn(command, args, { env: {}, cwd: '/', stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    // `stdio[3]` is a pipe by the line above, and pipes of Node go both ways.
    this.#bridge = this.#child.stdio[3] as Duplex;
    this.#bridge.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#bridge.on('error', () => this.kill());
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-maxStderr)));
    this.exited = this.#untilExit();
    this.ready = this.#untilReady();
    this.ready.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  listen(listener: JailListener): void {
    this.#listener = listener;
    void this.exited.then((exit) => listener.exit(exit));
  }

  send(message: DriverMessage, body?: Uint8Array | string): void {
    if (!this.#bridge.writable) return;
    this.#bridge.cork();
    for (const chunk of encodeFrame(message, body)) this.#bridge.write(chunk);
    this.#bridge.uncork();
  }

  renew(): Promise<void> {
    this.#listener = null;
    const renewed = this.#untilReady();
    this.send({ t: 'renew' });
    return renewed;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.push(chunk)) this.#hand(frame);
    } catch (error) {
      this.#listener?.garbage(error instanceof Error ? error : new Error('The jail sent what is no frame'));
      this.kill();
    }
  }

  #hand(frame: Frame): void {
    if (this.#listener) this.#listener.frame(frame);
    else if (ChildMessage.safeParse(frame.head).data?.t === 'ready') this.#becameReady();
  }

  #untilReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.kill(), readyWithinMs);
      this.#becameReady = () => {
        clearTimeout(late);
        resolve();
      };
      const gone = ({ code, signal, stderr }: JailExit): void => {
        clearTimeout(late);
        reject(new Error(`The jail did not start (${signal ?? code}): ${stderr.slice(-500)}`));
      };
      void this.exited.then(gone);
    });
  }

  #untilExit(): Promise<JailExit> {
    return new Promise((resolve) => {
      // 'close' comes after the last of stderr, which says whether memory ran out.
      this.#child.once('close', (code, signal) => resolve({ code, signal, stderr: this.#stderr }));
      this.#child.once('error', (error) => resolve({ code: null, signal: null, stderr: error.message }));
    });
  }
}
