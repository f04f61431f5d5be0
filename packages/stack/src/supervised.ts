import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, describeExit, endChild, endGroup, launch, StartFailure, untilReady } from './child.js';
import type { Component } from './component.js';

const firstDelayMs = 200;
const longestDelayMs = 15_000;
/** Up for this long, a process has shown that it can run: the next wait is the shortest again. */
const provenMs = 60_000;

/** What a supervised component tells its surroundings. */
export interface Surroundings {
  logFile: string;
  /** A process was started, for the first time or again. */
  launched: (pid: number) => void;
  say: (line: string) => void;
}

/** Keeps one component running: starts it, and starts it again with growing waits whenever it dies. */
export class Supervised {
  private child: Child | null = null;
  private ending = false;
  private readonly cancel = new AbortController();
  private watching: Promise<void> = Promise.resolve();

  constructor(
    readonly component: Component,
    private readonly surroundings: Surroundings,
  ) {}

  get pid(): number {
    return this.child?.pid ?? -1;
  }

  /** Starts it and waits until it answers; throws `StartFailure` and leaves nothing running when it does not. */
  async start(): Promise<void> {
    const child = this.launch();
    try {
      await untilReady(this.component, child);
    } catch (error) {
      await this.end();
      throw error;
    }
    this.watching = this.watch(child);
  }

  /** Ends it for good. */
  async end(graceMs = 10_000): Promise<void> {
    this.ending = true;
    this.cancel.abort();
    if (this.child) await endChild(this.child, { stopSignal: this.component.stopSignal, graceMs });
    await this.watching;
  }

  private launch(): Child {
    const child = launch(this.component, this.surroundings.logFile);
    this.child = child;
    this.surroundings.launched(child.pid);
    return child;
  }

  private async watch(first: Child): Promise<void> {
    let delayMs = firstDelayMs;
    for (let child = first; ;) {
      const since = Date.now();
      const exit = await child.exited;
      endGroup(child.pid);
      if (this.ending) return;
      if (Date.now() - since > provenMs) delayMs = firstDelayMs;
      this.report(`ended (${describeExit(exit)}), starts again in ${delayMs / 1000} s`, child.lastLines(5));
      await sleep(delayMs, undefined, { signal: this.cancel.signal }).catch(() => undefined);
      if (this.ending) return;
      delayMs = Math.min(delayMs * 2, longestDelayMs);
      child = await this.replace();
    }
  }

  /** A new process, ready or given up: then it is ended, and the watch takes that for its death. */
  private async replace(): Promise<Child> {
    const startedAt = Date.now();
    const child = this.launch();
    try {
      await untilReady(this.component, child);
      this.report(`runs again after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    } catch (error) {
      if (!this.ending && error instanceof StartFailure) this.report(error.reason, error.lastLines);
      await endChild(child, { stopSignal: 'SIGKILL', graceMs: 0 });
    }
    return child;
  }

  private report(what: string, lines: string[] = []): void {
    this.surroundings.say([`${this.component.name} ${what}`, ...lines.map((line) => `  | ${line}`)].join('\n'));
  }
}
