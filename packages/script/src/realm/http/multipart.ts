import { Buffer } from 'buffer/index.js';

type Part = { name: string; filename?: string; contentType?: string; bytes: Uint8Array };

/**
 * A multipart/form-data body (RFC 7578) from an object of fields, and `files`: one or several of
 * `{ fieldname?, originalname | filename, mimetype?, buffer | data }`.
 */
export function toMultipart(data: unknown, files: unknown): { bytes: Uint8Array; contentType: string } {
  const boundary = `----nango${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
  const pieces = [...fields(data), ...(Array.isArray(files) ? files : files ? [files] : []).map(filePart)].flatMap((part) => [
    head(boundary, part),
    part.bytes,
    line,
  ]);
  return { bytes: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]), contentType: `multipart/form-data; boundary=${boundary}` };
}

const line = Buffer.from('\r\n');

function head(boundary: string, { name, filename, contentType }: Part): Uint8Array {
  const file = filename === undefined ? '' : `; filename="${escape(filename)}"`;
  const type = contentType === undefined ? '' : `\r\nContent-Type: ${contentType}`;
  return Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${escape(name)}"${file}${type}\r\n\r\n`);
}

function fields(data: unknown): Part[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data)
    .flatMap(([name, value]) => (Array.isArray(value) ? value.map((item) => field(`${name}[]`, item)) : [field(name, value)]))
    .filter((part) => part !== null);
}

function field(name: string, value: unknown): Part | null {
  if (value === undefined || value === null) return null;
  if (value instanceof Uint8Array) return { name, filename: name, contentType: 'application/octet-stream', bytes: value };
  if (typeof value === 'object' && 'buffer' in value && 'originalname' in value) return { ...filePart(value), name };
  return { name, bytes: Buffer.from(typeof value === 'object' ? JSON.stringify(value) : String(value)) };
}

function filePart(file: Record<string, unknown> | object): Part {
  const { fieldname, originalname, filename, mimetype, buffer, data } = file as Record<string, unknown>;
  const content = buffer ?? data;
  return {
    name: String(fieldname ?? 'file'),
    filename: String(originalname ?? filename ?? 'file'),
    contentType: String(mimetype ?? 'application/octet-stream'),
    bytes: content instanceof Uint8Array ? content : Buffer.from(String(content ?? '')),
  };
}

function escape(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
