import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { Answer } from './answer.js';

/** A request as it goes out. A body of bytes can be sent again, a stream cannot. */
export type OutgoingRequest = {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: Uint8Array | Readable | null;
  signal?: AbortSignal | undefined;
  /** How long to wait for a connection and for the first byte of the answer, and between any two of its body; undici looks at it about every half second. */
  timeoutMs?: number | undefined;
  /** Headers that are no credentials and follow a redirect to another origin. */
  travellingHeaders?: readonly string[] | undefined;
  /** All headers follow a redirect to another origin, unless it leads from https to http. */
  credentialsTravel?: boolean | undefined;
  /** A redirect with 301 or 302 is followed with method and body, where browsers would go on with a GET. */
  keepsMethod?: boolean | undefined;
};

const longestSilenceMs = 300_000;

/** Sends a request once and resolves when status and headers are there; the body streams from the {@link Answer}. */
export function exchange(dispatcher: Dispatcher, request: OutgoingRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { url, method, headers, body, timeoutMs = longestSilenceMs } = request;
    const target = { origin: url.origin, path: url.pathname + url.search, method, headers, body, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
    dispatcher.dispatch(target, new Exchange(resolve, reject, request));
  });
}

/** Turns undici's callbacks into an {@link Answer}. */
class Exchange implements Dispatcher.DispatchHandler {
  private answer: Answer | undefined;
  private stopListening: (() => void) | undefined;
  private readonly signal: AbortSignal | undefined;
  private readonly waiting: NodeJS.Timeout | undefined;
  private expired = false;

  constructor(
    private readonly resolve: (answer: Answer) => void,
    private readonly reject: (error: Error) => void,
    { signal, timeoutMs }: OutgoingRequest,
  ) {
    this.signal = signal;
    // The dispatcher's own time-outs begin when there is a connection; a call that is in a hurry does not wait for one any longer.
    if (timeoutMs !== undefined) this.waiting = setTimeout(() => this.expire(), timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    clearTimeout(this.waiting);
    if (this.expired) return controller.abort(noConnection());
    const { signal } = this;
    if (!signal) return;
    // A time limit of the caller's is an outcome that is told as such; anything else means that nobody waits any more.
    const abort = (): void => controller.abort(isTimeout(signal.reason) ? signal.reason : new DOMException('The caller has gone', 'AbortError'));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    this.stopListening = () => signal.removeEventListener('abort', abort);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders, statusText = ''): void {
    if (status < 200) return;
    this.answer = new Answer({ status, statusText, headers }, controller);
    this.resolve(this.answer);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.answer?.take(chunk);
  }

  onResponseEnd(): void {
    this.stopListening?.();
    this.answer?.end();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.waiting);
    this.stopListening?.();
    if (this.answer) this.answer.fail(error);
    else this.reject(error);
  }
  private expire(): void {
    this.expired = true;
    this.reject(noConnection());
  }
}

/** What `AbortSignal.timeout` aborts with. */
function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

function noConnection(): Error {
  return Object.assign(new Error('There was no connection in time'), { code: 'UND_ERR_CONNECT_TIMEOUT' });
}
