import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Duplex, Writable } from 'node:stream';
import { ChildMessage, type DriverMessage } from './child-messages.js';
import type { Jail, JailExit, JailListener } from './driver.js';
import { encodeFrame, type Frame, FrameReader } from './frame.js';
import type { JailSize } from './node-arguments.js';
import { Pauses } from './pauses.js';
import { type ProcessUsage, usageOf } from './process-usage.js';

/** Larger than any frame a well-behaved jail sends: a save of 1000 records is cut into 16 MB before. */
const maxFrameBytes = 64 * 1024 * 1024;
const maxStderr = 16_000;
/** A start may wait for a busy machine; a fresh realm in a process that stands already is there at once, or something holds it up. */
const readyWithinMs = { started: 20_000, renewed: 3_000 };

/** The command that becomes a jail; `handover` is what it reads from descriptor 4 while it builds the wall. */
export type JailCommand = { command: string[]; handover?: Uint8Array };

/** A jail as a process of its own, whatever wall the command puts around it: nothing but the bridge goes in and out. */
export class NodeJail implements Jail {
  readonly size: JailSize;
  readonly ready: Promise<void>;
  readonly exited: Promise<JailExit>;
  readonly #child: ChildProcess;
  readonly #bridge: Duplex;
  readonly #reader = new FrameReader(maxFrameBytes);
  readonly #pauses = new Pauses();
  #stderr = '';
  #listener: JailListener | null = null;
  #becameReady: () => void = () => undefined;

  constructor(size: JailSize, { command: [program = '', ...args], handover }: JailCommand) {
    this.size = size;
    this.#child = spawn(program, args, { env: {}, cwd: '/', stdio: ['ignore', 'ignore', 'pipe', 'pipe', ...(handover ? (['pipe'] as const) : [])] });
    // `stdio[3]` is a pipe by the line above, and pipes of Node go both ways; so is what follows it.
    this.#bridge = this.#child.stdio[3] as Duplex;
    this.#bridge.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#bridge.on('error', () => this.kill());
    if (handover) handOver(this.#child.stdio[4] as Writable, handover);
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-maxStderr)));
    this.exited = this.#untilExit();
    this.ready = this.#untilReady(readyWithinMs.started);
    this.ready.catch(() => undefined);
  }

  /** The outermost process: those that the wall is made of, and the jail itself, are below it. */
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
    const renewed = this.#untilReady(readyWithinMs.renewed);
    this.send({ t: 'renew' });
    return renewed;
  }

  get pausedMs(): number {
    return this.#pauses.ms;
  }

  pause(): void {
    if (this.pid !== undefined) this.#pauses.pause(this.pid);
  }

  resume(): void {
    if (this.pid !== undefined) this.#pauses.resume(this.pid);
  }

  usage(): ProcessUsage | null {
    return this.#child.pid === undefined ? null : usageOf(this.#child.pid);
  }

  /** Nothing more is heard of it, whatever it has sent already. */
  kill(): void {
    this.#bridge.destroy();
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

  #untilReady(withinMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.kill(), withinMs);
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
      this.#child.once('close', (code, signal) => resolve({ code, signal: signal ?? signalOf(code), stderr: this.#stderr }));
      this.#child.once('error', (error) => resolve({ code: null, signal: null, stderr: error.message }));
    });
  }
}

/** A program around the jail tells, as shells do, of a signal that ended what it started. */
function signalOf(code: number | null): string | null {
  const number = (code ?? 0) - 128;
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? null;
}

/** A command that ends without reading says why on its stderr. */
function handOver(descriptor: Writable, bytes: Uint8Array): void {
  descriptor.on('error', () => undefined);
  descriptor.end(bytes);
}
