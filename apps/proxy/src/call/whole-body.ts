import type { OutgoingRequest } from 'egress';
import { AppError } from 'model';

/** As large as a body may be that is held in memory, because it may have to be sent again or looked into (surface 9.4). */
export const heldBytes = 75_000_000;

/** A request's body as bytes, read to its end where it streams, and the headers without the length that it had. @throws AppError `body_too_large` */
export async function wholeBody({
  body,
  headers,
}: Pick<OutgoingRequest, 'body' | 'headers'>): Promise<{ body: Uint8Array | null; headers: Record<string, string> }> {
  const { 'content-length': _, ...kept } = headers;
  return { body: body === null || body instanceof Uint8Array ? body : await collect(body, 'A call whose body is signed or added to'), headers: kept };
}

/** All of a stream. @throws AppError `body_too_large`, naming what may not be larger */
export async function collect(stream: AsyncIterable<Buffer>, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > heldBytes) throw tooLarge(what);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

export function tooLarge(what: string): AppError {
  return new AppError('body_too_large', { message: `${what} may have one of ${heldBytes} bytes` });
}
