import { AppError, type ScriptCall } from 'model';

/** A script's body as bytes, with the content type that it has unless the script names one. */
export type ScriptBody = { body: Uint8Array | null; headers: Record<string, string> };

/** Encodes a script's `data` as its content type asks: JSON unless it says a form, multipart, or hands over text or bytes. */
export async function scriptBody({ data, dataBase64 }: Pick<ScriptCall, 'data' | 'dataBase64'>, headers: Record<string, string>): Promise<ScriptBody> {
  const type = headers['content-type'] ?? '';
  if (dataBase64 !== undefined) return { body: Buffer.from(dataBase64, 'base64'), headers };
  if (data === undefined || data === null) return { body: null, headers };
  if (typeof data === 'string') return { body: Buffer.from(data), headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } };
  if (isFields(data) && type.startsWith('application/x-www-form-urlencoded')) return { body: Buffer.from(queryOf(data)), headers };
  if (isFields(data) && type.startsWith('multipart/form-data')) return multipart(data, headers);
  return { body: Buffer.from(JSON.stringify(data)), headers: { 'content-type': 'application/json', ...headers } };
}

/** Parameters as a query without `?`. Lists are written with `[]`, as axios does. */
export function scriptQuery(params: ScriptCall['params']): string | undefined {
  return typeof params === 'object' ? queryOf(params) : params?.replace(/^\?/, '');
}

/** Header names in lower case; what belongs to the connection is left out. */
export function scriptHeaders(headers: Record<string, string>): Record<string, string> {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const kept = lower.filter(([name]) => !['host', 'connection', 'content-length', 'transfer-encoding'].includes(name));
  for (const [name, value] of kept)
    if (/[\r\n\0]/.test(name + value)) throw new AppError('invalid_headers', { message: `The header ${JSON.stringify(name)} holds a line break` });
  return Object.fromEntries(kept);
}

function queryOf(fields: Record<string, unknown>): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((item) => [`${name}[]`, item] as const) : [[name, value] as const],
  );
  const present = pairs.filter(([, value]) => value !== undefined && value !== null);
  return present.map(([name, value]) => `${encodeURIComponent(name).replace(/%5B%5D$/, '[]')}=${encodeURIComponent(textOf(value))}`).join('&');
}

async function multipart(fields: Record<string, unknown>, headers: Record<string, string>): Promise<ScriptBody> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, textOf(value));
  const encoded = new Response(form);
  return { body: new Uint8Array(await encoded.arrayBuffer()), headers: { ...headers, 'content-type': encoded.headers.get('content-type') ?? '' } };
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isFields(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
