import type { IncomingHttpHeaders } from 'node:http';

// Surface 6.1, and those that belong to one hop (RFC 9110, 7.6.1). What starts with one of these stays here.
const kept = [
  'host',
  'authorization',
  'connection',
  'keep-alive',
  'content-length',
  'content-type',
  'content-encoding',
  'cookie',
  'set-cookie',
  'referer',
  'user-agent',
  'sec-',
  'proxy-',
  'www-authenticate',
  'server',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
];

/** The headers of a webhook that travel on to the product. */
export function forwardedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const text = Array.isArray(value) ? value.join(', ') : value;
      return text === undefined || isKept(name) ? [] : [[name, text]];
    }),
  );
}

const isKept = (name: string): boolean => kept.some((prefix) => (prefix === 'te' ? name === 'te' : name.startsWith(prefix)));
