import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { AppError } from 'model';

/** As large as a body may be that is held in memory, because it may have to be sent again (surface 9.4). */
const heldBytes = 75_000_000;
/** Small enough to be held always, so that a redirect can be followed with it. */
const smallBytes = 256 * 1024;

/** The body of a request: as bytes where it may have to be sent again or is small, else as the stream it is; null where there is none. */
export async function requestBody(request: IncomingMessage, retries: number): Promise<Uint8Array | Readable | null> {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  const chunked = request.headers['transfer-encoding'] !== undefined;
  if (!chunked && !(length > 0)) return null;
  if (retries > 0 || length <= smallBytes) return collect(request, length);
  // Not the request itself: whoever destroys it would take the connection on which the answer is to go back.
  return request.pipe(new PassThrough());
}

async function collect(request: IncomingMessage, length: number): Promise<Buffer> {
  const tooLarge = new AppError('body_too_large', { message: `A call with retries may have a body of ${heldBytes} bytes` });
  if (length > heldBytes) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > heldBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
