import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';

/** How long a caller may go on sending what nobody wants any more. */
const unwantedMs = 30_000;

/**
 * The body of a request for somebody else to read. Not the request itself: whoever destroys it would take the connection on which the
 * answer is to go back. When its reader has had enough, what is still coming is read and dropped: a caller that is kept from sending
 * may not read its answer, and the end of its connection would not be seen.
 */
export function streamedBody(request: IncomingMessage): Readable {
  const body = request.pipe(new PassThrough());
  body.once('close', () => void (request.complete || readOut(request)));
  return body;
}

function readOut(request: IncomingMessage): void {
  const patience = setTimeout(() => request.destroy(), unwantedMs).unref();
  request.once('close', () => clearTimeout(patience)).resume();
}
