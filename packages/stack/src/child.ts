import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Component } from './component.js';

const maxLogBytes = 20_000_000;
const pollMs = 40;

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A started process of the stack. It leads a process group of its own, so that a Ctrl-C meant for us does not reach it. */
export interface Child {
  pid: number;
  exited: Promise<Exit>;
  hasExited: () => boolean;
  lastLines: (count?: number) => string[];
}

/** A component that did not get ready; carries what it said last. */
export class StartFailure extends Error {
  constructor(
    readonly component: Component,
    readonly reason: string,
    readonly lastLines: string[],
  ) {
    super(`${component.name} ${reason}`);
    this.name = 'StartFailure';
  }
}

/** Starts a component's process, its output appended to the log file. */
export function launch(component: Component, logFile: string): Child {
  const log = openLog(logFile);
  const startedAt = statSync(logFile).size;
  const child = spawn(component.command, component.args, {
    env: component.env,
    stdio: ['ignore', log, log],
    detached: true,
    cwd: '/',
    ...component.user,
  });
  closeSync(log);
  let over = false;
  const exited = new Promise<Exit>((resolve) => {
    const end = (exit: Exit): void => {
      over = true;
      resolve(exit);
    };
    child.once('error', () => end({ code: -1, signal: null }));
    child.once('exit', (code, signal) => end({ code, signal }));
  });
  return { pid: child.pid ?? -1, exited, hasExited: () => over, lastLines: (count = 15) => tail(logFile, startedAt, count) };
}

/** Waits until the component answers; throws {@link StartFailure} when it ends or takes too long. */
export async function untilReady(component: Component, child: Child): Promise<void> {
  const deadline = Date.now() + component.startTimeoutMs;
  while (Date.now() < deadline) {
    if (child.hasExited()) throw new StartFailure(component, `ended while starting (${describeExit(await child.exited)})`, child.lastLines());
    if (await component.ready().catch(() => false)) return;
    await sleep(pollMs);
  }
  throw new StartFailure(component, `did not answer within ${component.startTimeoutMs / 1000} s`, child.lastLines());
}

/** Ends a process in good order, by force after the grace period, and with it all that it started in its group. */
export async function endChild(child: Child, { stopSignal, graceMs }: { stopSignal: NodeJS.Signals; graceMs: number }): Promise<void> {
  if (child.pid > 0 && !child.hasExited()) {
    signal(child.pid, stopSignal);
    await Promise.race([child.exited, sleep(graceMs, undefined, { ref: false })]);
  }
  endGroup(child.pid);
  if (child.pid > 0) await child.exited;
}

/** Kills what is left of a process group, its leader included. */
export function endGroup(pid: number): void {
  if (pid > 0) signal(-pid, 'SIGKILL');
}

/** How a process ended, in words. */
export function describeExit({ code, signal }: Exit): string {
  return signal ? `killed by ${signal}` : `exit code ${code}`;
}

/** Signals a process, or its group when the pid is negative; nothing happens when it is gone. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already.
  }
}

function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  try {
    if (statSync(file).size > maxLogBytes) renameSync(file, `${file}.1`);
  } catch {
    // There is no log yet.
  }
  return openSync(file, 'a', 0o600);
}

function tail(file: string, from: number, count: number): string[] {
  const text = readFileSync(file).subarray(from).toString('utf8');
  return text.trimEnd().split('\n').slice(-count);
}
