import type { LogEntry } from 'jail';

/** `from` counts the lines of the run before these. */
type Send = (messages: LogEntry[], from: number) => Promise<void>;

const maxBatch = 500;
const everyMs = 250;

/** Collects the lines of a run and sends them together. A line that cannot be stored is lost; it never fails the run. */
export class LogBatch {
  readonly #send: Send;
  readonly #known: number;
  #seen = 0;
  #sent: number;
  #lines: LogEntry[] = [];
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> = Promise.resolve();

  /** @param known so many lines were sent by earlier attempts, and come again from a script that is run again */
  constructor(send: Send, known = 0) {
    this.#send = send;
    this.#known = known;
    this.#sent = known;
  }

  add(line: LogEntry): void {
    if (++this.#seen <= this.#known) return;
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
    const from = this.#sent;
    this.#sent += lines.length;
    this.#sending = this.#sending.then(() => this.#send(lines, from)).catch(() => undefined);
  }
}
