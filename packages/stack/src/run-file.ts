import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup, signal } from './child.js';
import { isSame, startMark } from './process-identity.js';

type ProcessMark = { pid: number; mark: string | null };
type RunRecord = ProcessMark & { children: Record<string, ProcessMark & { stopSignal: NodeJS.Signals }> };

/** Says which supervisor owns a stack's folder, and what it has started: so there is one at a time, and nothing outlives it unseen. */
export class RunFile {
  private record: RunRecord = { pid: process.pid, mark: startMark(process.pid), children: {} };

  constructor(private readonly path: string) {}

  /** Takes the folder, ending what a killed supervisor left behind; null, or the pid of the one that has it. */
  async take(): Promise<number | null> {
    for (;;) {
      try {
        // A link is made whole or not at all, and only when the name is free.
        this.writeTo(`${this.path}.new`);
        linkSync(`${this.path}.new`, this.path);
        return null;
      } catch {
        const owner = this.owner();
        if (owner !== null) return owner;
        await this.endLeftovers();
        rmSync(this.path, { force: true });
      }
    }
  }

  /** The pid of the living supervisor, if there is one. */
  owner(): number | null {
    const found = this.read();
    return found && isSame(found) ? found.pid : null;
  }

  noteChild(name: string, pid: number, stopSignal: NodeJS.Signals): void {
    this.record.children[name] = { pid, mark: startMark(pid), stopSignal };
    this.write();
  }

  release(): void {
    rmSync(this.path, { force: true });
  }

  /** Ends what the supervisor named in the file started and did not end; the names of what was found. */
  async endLeftovers(): Promise<string[]> {
    const left = Object.entries(this.read()?.children ?? {}).filter(([, child]) => isSame(child));
    for (const [, { pid, stopSignal }] of left) signal(pid, stopSignal);
    const deadline = Date.now() + 10_000;
    while (left.some(([, child]) => isSame(child)) && Date.now() < deadline) await sleep(50);
    for (const [, { pid }] of left) endGroup(pid);
    return left.map(([name]) => name);
  }

  private read(): RunRecord | null {
    try {
      return JSON.parse(readFileSync(this.path, 'utf8')) as RunRecord;
    } catch {
      return null;
    }
  }

  private write(): void {
    this.writeTo(`${this.path}.new`);
    renameSync(`${this.path}.new`, this.path);
  }

  private writeTo(path: string): void {
    rmSync(path, { force: true });
    writeFileSync(path, JSON.stringify(this.record), { mode: 0o600 });
  }
}
