import { Buffer } from 'buffer/index.js';
import { Bytes } from '../../intrinsics.js';

/** What scripts hand over as data: text, or any view of bytes. */
export type Data = string | ArrayBuffer | ArrayBufferView;

/** Text is UTF-8 unless an encoding is named. */
export function toBuffer(data: Data, encoding?: string): Buffer {
  if (typeof data === 'string') return Buffer.from(data, encoding as 'utf8');
  // Bytes of shared memory work all the same; only the package's types do not know them.
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  return Buffer.from(data);
}

/** As the host takes data. */
export function base64(data: Data, encoding?: string): string {
  return toBuffer(data, encoding).toString('base64');
}

/** The host's answer as bytes, or as text in that encoding. */
export function decoded(answer: string, encoding?: string): string | Buffer {
  const bytes = Buffer.from(answer, 'base64');
  return encoding === undefined || encoding === null || encoding === 'buffer' ? bytes : bytes.toString(encoding as 'hex');
}

/** Bytes that nothing else looks at, as an `ArrayBuffer`. */
export function toArrayBuffer(answer: string): ArrayBuffer {
  return new Bytes(Buffer.from(answer, 'base64')).buffer;
}
