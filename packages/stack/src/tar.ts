const block = 512;

/** The bytes of one file in an uncompressed tar archive (POSIX ustar); its folder does not matter. */
export function fileInTar(archive: Uint8Array, name: string): Uint8Array {
  for (let at = 0; at + block <= archive.length;) {
    const path = text(archive, at, 100);
    if (path === '') break;
    const size = Number.parseInt(text(archive, at + 124, 12).trim(), 8);
    if (path === name || path.endsWith(`/${name}`)) return archive.subarray(at + block, at + block + size);
    at += block + Math.ceil(size / block) * block;
  }
  throw new Error(`the archive holds no file ${name}`);
}

function text(archive: Uint8Array, from: number, length: number): string {
  const bytes = archive.subarray(from, from + length);
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString('utf8');
}
