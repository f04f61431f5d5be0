import type { Readable } from 'node:stream';
import { jsonObject } from '../call/request-parts.js';
import { scriptBody } from '../script-call/script-request.js';

type Shaped = { headers: Record<string, string>; body: Uint8Array | Readable | null };

const form = /^(multipart\/form-data|application\/x-www-form-urlencoded)\b/;

/** The first era's clients send JSON and ask for a form by `Nango-Proxy-Content-Type`: it is written here (surface 1.3). What streams is left as it is. */
export async function askedForm(sentType: string | undefined, { headers, body }: Shaped): Promise<Shaped> {
  if (!(body instanceof Uint8Array) || !form.test(headers['content-type'] ?? '') || !/^application\/json\b/i.test(sentType ?? '')) return { headers, body };
  const data = jsonObject(Buffer.from(body).toString());
  return data ? scriptBody({ data }, headers) : { headers, body };
}
