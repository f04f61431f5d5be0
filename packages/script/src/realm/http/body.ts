import { Buffer } from 'buffer/index.js';
import { asBuffer } from '../globals/buffer.js';
import { toMultipart } from './multipart.js';
import { toPairs, toQuery } from './query.js';

/** The body of a call as the proxy takes it, and the content type if the body decides it. */
export type Body = { data?: unknown; dataBase64?: string; contentType?: string };

/** What axios does with `data`: objects become JSON or the form that the content type names, text and bytes stay as they are. */
export function toBody(data: unknown, contentType: string | undefined, files: unknown): Body {
  if (contentType?.startsWith('multipart/form-data') && !isRaw(data)) return multipart(data, files);
  if (data === undefined || data === null) return {};
  if (isSearchParams(data)) return raw(Buffer.from(String(data)), contentType ?? form);
  if (data instanceof Uint8Array) return raw(data, contentType ?? 'application/octet-stream');
  if (data instanceof ArrayBuffer) return raw(new Uint8Array(data), contentType ?? 'application/octet-stream');
  if (typeof data === 'string') return raw(Buffer.from(data), contentType ?? (looksLikeJson(data) ? 'application/json' : form));
  if (contentType?.startsWith(form)) return raw(Buffer.from(toForm(data)), contentType);
  return { data };
}

const form = 'application/x-www-form-urlencoded';

function raw(bytes: Uint8Array, contentType: string): Body {
  return { dataBase64: base64(bytes), contentType };
}

function multipart(data: unknown, files: unknown): Body {
  const { bytes, contentType } = toMultipart(data, files);
  return { dataBase64: base64(bytes), contentType };
}

function base64(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64');
}

function toForm(data: unknown): string {
  const pairs = toPairs(data);
  return pairs.length === 0 ? toQuery(data) : pairs.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join('&');
}

function formEncode(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+');
}

/** Text without a content type: the platform has always read JSON where it is JSON. */
function looksLikeJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isRaw(data: unknown): boolean {
  return typeof data === 'string' || data instanceof Uint8Array || data instanceof ArrayBuffer;
}

function isSearchParams(data: unknown): boolean {
  return Object.prototype.toString.call(data) === '[object URLSearchParams]';
}
