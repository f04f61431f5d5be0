import type { DriverMessage } from './child-messages.js';
import type { Frame } from './frame.js';

/** How a jail's process ended; `stderr` is the end of what it said. */
export type JailExit = { code: number | null; signal: string | null; stderr: string };

/** What a run wants to hear from its jail. */
export type JailListener = { frame(frame: Frame): void; garbage(error: Error): void; exit(exit: JailExit): void };

/** One jail. It runs one script and is killed afterwards, or renewed for the same script and connection. */
export interface Jail {
  readonly heapMb: number;
  /** Of its process, or of the one around it; undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Resolves when the realm stands and waits for its script; rejects when it never will. */
  readonly ready: Promise<void>;
  readonly exited: Promise<JailExit>;
  listen(listener: JailListener): void;
  send(message: DriverMessage, body?: Uint8Array | string): void;
  /** Gives it a fresh realm; resolves when that waits for its script. Nothing that comes before is heard. */
  renew(): Promise<void>;
  /** At once and for good; harmless when it is gone already. */
  kill(): void;
}

/** A way to wall a script in. The process driver is one; others (namespaces, cgroups) answer the same interface. */
export interface RunnerDriver {
  readonly name: 'process';
  start(options: { heapMb: number }): Jail;
}
