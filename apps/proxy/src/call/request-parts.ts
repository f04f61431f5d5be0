import type { OutgoingRequest } from 'egress';
import type { PlaceholderValues } from 'providers';

/** The parts of a request that placeholders can name, for APIs that want them signed (surface 5.7). A body that streams has no parameters. */
export function requestParts(endpoint: string, { method, url, body }: Pick<OutgoingRequest, 'method' | 'url' | 'body'>): PlaceholderValues {
  return {
    method: method.toUpperCase(),
    host: url.host,
    path: url.pathname,
    endpoint,
    params: url.search.slice(1),
    bodyCanonicalParams: body instanceof Uint8Array ? canonicalParameters(Buffer.from(body).toString()) : '',
  };
}

/** Names and values of a JSON object or a form, sorted by name, as `a=1&b=2`. */
function canonicalParameters(body: string): string {
  const fields = Object.entries(jsonObject(body) ?? Object.fromEntries(new URLSearchParams(body)));
  return fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join('&');
}

/** A text's JSON, where that is an object. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>; // begins with a brace, so it is an object
  } catch {
    return undefined;
  }
}
