import type { IncomingHttpHeaders } from 'node:http';
import type { Writable } from 'node:stream';
import { AppError } from 'model';

/** What an {@link Answer} needs of the connection it comes from. */
export type Flow = { pause(): void; resume(): void; abort(reason: Error): void };

type Head = { status: number; statusText: string; headers: IncomingHttpHeaders };

/** Held for a reader that is slow or not there yet; beyond this the sender has to wait. Pausing for each write would cost more than the copy. */
const waitingBytes = 512 * 1024;

/** So much of a body that nobody wants is read, for so long: a connection that can be used again is worth that, and no more. */
const discarded = { bytes: 64 * 1024, ms: 1_000 };

/** An upstream's answer: its head at once, its body to be read exactly once, as a stream or as bytes, or dropped. */
export class Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  /** Whether some of the body has come, or its end. */
  hasBegun = false;
  private readonly waiting: Buffer[] = [];
  private waitingSize = 0;
  private reader: { chunk(chunk: Buffer): void; end(): void; fail(error: Error): void } | undefined;
  private outcome: { error?: Error } | undefined;
  private readonly listeners: ((error?: Error) => void)[] = [];

  constructor(
    head: Head,
    private readonly flow: Flow,
  ) {
    this.status = head.status;
    this.statusText = head.statusText;
    this.headers = head.headers;
  }

  /** Writes the body into `to` and ends it; resolves when all is handed over. A body that breaks off destroys `to` and rejects. */
  pipe(to: Writable): Promise<void> {
    return new Promise((resolve, reject) => {
      if (to.destroyed) this.flow.abort(readerGone());
      const onDrain = (): void => this.flow.resume();
      const onClose = (): void => this.flow.abort(readerGone());
      to.on('drain', onDrain).once('close', onClose);
      const leave = (): void => void to.off('drain', onDrain).off('close', onClose);
      this.read({
        chunk: (chunk) => {
          if (!to.write(chunk) && to.writableLength > waitingBytes) this.flow.pause();
        },
        end: () => {
          leave();
          to.end();
          resolve();
        },
        fail: (error) => {
          leave();
          to.destroy(error);
          reject(error);
        },
      });
    });
  }

  /** The whole body, refused above `limit` bytes. */
  bytes(limit: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const chunk = (part: Buffer): void => {
        size += part.length;
        if (size <= limit) return void chunks.push(part);
        this.flow.abort(new AppError('upstream_unreachable', { message: `The answer is larger than ${limit} bytes` }));
      };
      this.read({ chunk, end: () => resolve(Buffer.concat(chunks)), fail: reject });
    });
  }

  /** Calls back once the body has come to its end or broken off: the connection is free or gone then. */
  whenOver(listener: (error?: Error) => void): void {
    if (this.outcome) listener(this.outcome.error);
    else this.listeners.push(listener);
  }

  /** Reads what is left of a small body so that the connection can be used again; a large or slow one costs its connection. */
  discard(): void {
    this.bytes(discarded.bytes).catch(() => undefined);
    if (this.outcome) return;
    const timer = setTimeout(() => this.flow.abort(readerGone()), discarded.ms).unref();
    this.whenOver(() => clearTimeout(timer));
  }

  /** For the connection: a part of the body. */
  take(chunk: Buffer): void {
    this.hasBegun = true;
    if (this.reader) return this.reader.chunk(chunk);
    this.waiting.push(chunk);
    this.waitingSize += chunk.length;
    if (this.waitingSize > waitingBytes) this.flow.pause();
  }

  /** For the connection: the body is complete. */
  end(): void {
    this.hasBegun = true;
    this.outcome = {};
    for (const listener of this.listeners) listener();
    this.reader?.end();
  }

  /** For the connection: it broke before the body was complete. */
  fail(error: Error): void {
    this.outcome = { error };
    for (const listener of this.listeners) listener(error);
    this.reader?.fail(error);
  }

  private read(reader: NonNullable<Answer['reader']>): void {
    if (this.reader) throw new Error('the body of an answer can be read once');
    this.reader = reader;
    for (const chunk of this.waiting.splice(0)) reader.chunk(chunk);
    if (this.outcome?.error) return reader.fail(this.outcome.error);
    if (this.outcome) return reader.end();
    if (this.waitingSize > waitingBytes) this.flow.resume();
  }
}

function readerGone(): Error {
  return new DOMException('The reader has gone', 'AbortError');
}
