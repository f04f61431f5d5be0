import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync, zstdDecompress } from 'node:zlib';

const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Less than this is not worth it. */
const smallest = 256;
/** So much is done on the spot: handing it to another thread would take longer. */
const atOnce = 32 * 1024;

/** Half the time of the usual level, and pages of JSON come out as small. */
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const [compressAside, decompressAside] = [promisify(zstdCompress), promisify(zstdDecompress)];

/** A journal's text, compressed where that pays. What is packed must not begin as zstd does, which JSON never does. */
export async function pack(plain: Uint8Array): Promise<Uint8Array> {
  if (plain.byteLength < smallest) return plain;
  return plain.byteLength <= atOnce ? zstdCompressSync(plain, options) : compressAside(plain, options);
}

/** What {@link pack} packed. */
export async function unpack(packed: Uint8Array): Promise<Uint8Array> {
  return magic.equals(packed.subarray(0, magic.length)) ? decompressAside(packed) : packed;
}
