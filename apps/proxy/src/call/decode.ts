import { type Transform } from 'node:stream';
import type { Answer } from 'egress';
import { createBrotliDecompress, createInflate, createUnzip, createZstdDecompress } from 'node:zlib';

/** What to ask for when the body is decoded here. */
export const acceptedEncodings = 'gzip, deflate, br';

const decoders: Record<string, () => Transform> = {
  gzip: createUnzip,
  'x-gzip': createUnzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** A stream that undoes an answer's content encoding; nothing for one that has none, or one that is unknown or stacked, or no body to be decoded. */
export function decoderFor({ status, headers }: Pick<Answer, 'status' | 'headers'>): Transform | undefined {
  if (status === 204 || status === 304 || headers['content-length'] === '0') return undefined;
  return decoders[headers['content-encoding']?.trim().toLowerCase() ?? '']?.();
}
