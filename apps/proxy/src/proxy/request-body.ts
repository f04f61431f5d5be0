import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { collect, heldBytes, tooLarge } from '../call/whole-body.js';

/** Small enough to be held always, so that a redirect can be followed with it. */
const smallBytes = 256 * 1024;
const unwantedMs = 30_000;

/** The body of a request: as bytes where it may have to be sent again or is small, else as the stream it is; null where there is none. */
export async function requestBody(request: IncomingMessage, retries: number): Promise<Uint8Array | Readable | null> {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  const chunked = request.headers['transfer-encoding'] !== undefined;
  if (!chunked && !(length > 0)) return null;
  if (!(retries > 0 || length <= smallBytes)) return stream(request);
  const withRetries = 'A call with retries and a body';
  if (length > heldBytes) throw tooLarge(withRetries);
  return collect(request, withRetries);
}

/** Not the request itself: whoever destroys it would take the connection on which the answer is to go back. */
function stream(request: IncomingMessage): Readable {
  const body = request.pipe(new PassThrough());
  body.once('close', () => void (request.complete || readOut(request)));
  return body;
}

/** The API has answered before it had everything. What is still coming is read and dropped, for a while: a caller that cannot send does not read either. */
function readOut(request: IncomingMessage): void {
  const patience = setTimeout(() => request.destroy(), unwantedMs).unref();
  request.once('close', () => clearTimeout(patience)).resume();
}
