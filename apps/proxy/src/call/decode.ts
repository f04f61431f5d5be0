import { type Transform } from 'node:stream';
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

/** A stream that undoes a content encoding; nothing for a body that has none, or one that is unknown or stacked. */
export function decoderFor(encoding: string | undefined): Transform | undefined {
  return decoders[encoding?.trim().toLowerCase() ?? '']?.();
}
