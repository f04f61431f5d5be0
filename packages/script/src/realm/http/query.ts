/**
 * A query as axios writes it: `a=1&list[]=x&deep[key]=y`, spaces as `+`, dates as ISO, null and undefined left out.
 *
 * @returns text without `?`; empty when there is nothing to send.
 */
export function toQuery(params: unknown, serializer?: (params: unknown) => string): string {
  if (params === undefined || params === null) return '';
  if (typeof serializer === 'function') return String(serializer(params));
  if (typeof params === 'string') return params.replace(/^\?/, '');
  if (isSearchParams(params)) return params.toString();
  return toPairs(params)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
}

/** Names and values of an object, nested ones in brackets; what forms and queries have in common. */
export function toPairs(source: unknown): [string, string][] {
  const pairs: [string, string][] = [];
  if (typeof source === 'object' && source !== null) for (const [name, value] of Object.entries(source)) collect(pairs, name, value);
  return pairs;
}

function collect(pairs: [string, string][], name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (value instanceof Date) pairs.push([name, value.toISOString()]);
  else if (Array.isArray(value)) value.forEach((item, index) => collect(pairs, isBranch(item) ? `${name}[${index}]` : `${name}[]`, item));
  else if (isBranch(value)) for (const [key, item] of Object.entries(value)) collect(pairs, `${name}[${key}]`, item);
  else pairs.push([name, String(value)]);
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

function isSearchParams(value: unknown): value is URLSearchParams {
  return typeof value === 'object' && value !== null && Symbol.toStringTag in value && value[Symbol.toStringTag] === 'URLSearchParams';
}

const plain: Record<string, string> = { '%3A': ':', '%24': '$', '%2C': ',', '%20': '+', '%5B': '[', '%5D': ']' };

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/%(3A|24|2C|20|5B|5D)/gi, (code) => plain[code.toUpperCase()] ?? code);
}
