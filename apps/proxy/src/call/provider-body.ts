import type { OutgoingRequest } from 'egress';
import { interpolate, type PlaceholderValues } from 'providers';
import { jsonObject } from './request-parts.js';
import { wholeBody } from './whole-body.js';

type Sent = Pick<OutgoingRequest, 'method' | 'headers' | 'body'>;

/** A request with the provider's own fields in its JSON body, below the caller's. Bodies of other kinds, and requests without any, stay as they are. */
export async function withProviderBody(request: Sent, template: Record<string, unknown>, values: PlaceholderValues): Promise<Sent> {
  const type = request.headers['content-type'];
  if (type !== undefined && !/^application\/([\w.+-]+\+)?json\b/i.test(type)) return request;
  if (request.headers['content-encoding'] !== undefined) return request;
  const { body, headers } = await wholeBody(request);
  if (body === null && !['POST', 'PUT', 'PATCH'].includes(request.method.toUpperCase())) return request;
  const fields = body === null ? {} : jsonObject(Buffer.from(body).toString());
  if (!fields) return { ...request, body, headers };
  const merged = Buffer.from(JSON.stringify({ ...filled(template, values), ...fields }));
  return { ...request, headers: { ...headers, 'content-type': type ?? 'application/json' }, body: merged };
}

function filled(template: Record<string, unknown>, values: PlaceholderValues): Record<string, unknown> {
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fill(value, values)]));
}

function fill(value: unknown, values: PlaceholderValues): unknown {
  if (typeof value === 'string') return interpolate(value, values).text;
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  return typeof value === 'object' && value !== null ? filled(value as Record<string, unknown>, values) : value; // of parsed YAML
}
