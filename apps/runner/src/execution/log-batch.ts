import type { LogEntry } from 'jail';

type Send = (messages: LogEntry[]) => Promise<void>;

const maxBatch = 500;
const everyMs = 250;

/** Collects the lines of a run and sends them together. A line that cannot be stored is lost; it never fails the run. */
export class LogBatch {
  readonly #send: Send;
  #lines: LogEntry[] = [];
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> = Promise.resolve();

  constructor(send: Send) {
    this.#send = send;
  }

  add(line: LogEntry): void {
    this.#lines.push(line);
    if (this.#lines.length >= maxBatch) this.#next();
    else this.#timer ??= setTimeout(() => this.#next(), everyMs);
  }

  /** Resolves when everything added so far has been sent. */
  async flush(): Promise<void> {
    while (this.#lines.length > 0) this.#next();
    await this.#sending;
  }

  #next(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const lines = this.#lines.splice(0, maxBatch);
    if (lines.length === 0) return;
    this.#sending = this.#sending.then(() => this.#send(lines)).catch(() => undefined);
  }
}
