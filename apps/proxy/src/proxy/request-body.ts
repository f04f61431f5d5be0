import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { streamedBody } from 'service';
import { collect, heldBytes, tooLarge } from '../call/whole-body.js';

/** Small enough to be held always, so that a redirect can be followed with it. */
const smallBytes = 256 * 1024;

/** The body of a request: as bytes where it may have to be sent again or is small, else as the stream it is; null where there is none. */
export async function requestBody(request: IncomingMessage, retries: number): Promise<Uint8Array | Readable | null> {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  const chunked = request.headers['transfer-encoding'] !== undefined;
  if (!chunked && !(length > 0)) return null;
  if (!(retries > 0 || length <= smallBytes)) return streamedBody(request);
  const withRetries = 'A call with retries and a body';
  if (length > heldBytes) throw tooLarge(withRetries);
  // Not the request itself: what ends reading it would end the connection that the refusal goes back on.
  return collect(streamedBody(request), withRetries);
}
