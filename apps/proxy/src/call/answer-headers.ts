import type { IncomingHttpHeaders } from 'node:http';
import { hopByHopHeaders } from 'service';

type Headers = Record<string, string | string[]>;

/** Of one connection only (RFC 9110, section 7.6.1), or about the origin that a browser sees, which is ours; or a credential. */
const withheld = new Set([
  ...hopByHopHeaders,
  'set-cookie',
  'set-cookie2',
  'authorization',
  'strict-transport-security',
  'alt-svc',
  'clear-site-data',
  'public-key-pins',
  'nel',
  'report-to',
  'content-security-policy',
  'content-security-policy-report-only',
  'x-frame-options',
  'service-worker-allowed',
]);

/** What Node refuses to write, and would throw for. */
// oxlint-disable-next-line no-control-regex
const unwritable = /[^\t\u0020-\u007e\u0080-\u00ff]/;

/** Headers that stay behind when a body was decompressed: they told of the compressed one. */
const ofEncoding = new Set(['content-encoding', 'content-length']);

/** The headers of an upstream's answer that the caller may see. */
export function callerHeaders(headers: IncomingHttpHeaders, body: 'as-sent' | 'decoded'): Headers {
  const seen: Headers = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || withheld.has(name) || name.startsWith('nango-') || name.startsWith('access-control-')) continue;
    if (body === 'decoded' && ofEncoding.has(name)) continue;
    if (unwritable.test(String(value))) continue;
    seen[name] = value;
  }
  return seen;
}

/** As {@link callerHeaders}, in no more than about 8 KB, since they travel in one header themselves; the longest are left out first. */
export function shortHeaders(headers: IncomingHttpHeaders, body: 'as-sent' | 'decoded'): Headers {
  const limit = 8_000;
  let size = 0;
  const shortestFirst = Object.entries(callerHeaders(headers, body)).sort(([, a], [, b]) => String(a).length - String(b).length);
  return Object.fromEntries(shortestFirst.filter(([name, value]) => (size += name.length + String(value).length) <= limit));
}
