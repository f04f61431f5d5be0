import type { DriverMessage } from './child-messages.js';
import type { Frame } from './frame.js';
import type { JailSize } from './node-arguments.js';
import type { Pausable } from './pauses.js';
import type { ProcessUsage } from './process-usage.js';

/** How a jail's process ended; `stderr` is the end of what it said. */
export type JailExit = { code: number | null; signal: string | null; stderr: string };

/** What a run wants to hear from its jail. */
export type JailListener = { frame(frame: Frame): void; garbage(error: Error): void; exit(exit: JailExit): void };

/** One jail. It runs one script and is killed afterwards, or renewed for the same script and connection. */
export interface Jail extends Pausable {
  readonly size: JailSize;
  /** Resolves when the realm stands and waits for its script; rejects when it never will. */
  readonly ready: Promise<void>;
  readonly exited: Promise<JailExit>;
  listen(listener: JailListener): void;
  send(message: DriverMessage, body?: Uint8Array | string): void;
  /** Gives it a fresh realm; resolves when that waits for its script. Nothing that comes before is heard. */
  renew(): Promise<void>;
  /** What its process has used so far; null where the system does not tell. */
  usage(): ProcessUsage | null;
  /** At once and for good; harmless when it is gone already. */
  kill(): void;
}

/** How strong a wall is: the kernel's own, or Node's permission model and the limits of a process. */
export type JailTier = 'kernel' | 'process';

/** A way to wall a script in. `details` says what the wall is made of, for people. */
export interface RunnerDriver {
  readonly tier: JailTier;
  readonly details: string;
  start(size: JailSize): Jail;
}
