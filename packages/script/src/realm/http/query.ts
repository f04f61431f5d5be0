/** How a call wants its query written: `indexes` null is `a=1&a=2`, true `a[0]=1`, else `a[]=1`. */
export type ParamsSerializer =
  | ((params: unknown) => string)
  | {
      serialize?: (params: unknown, options: unknown) => string;
      encode?: (text: string, encode: (text: string) => string) => string;
      indexes?: boolean | null;
    };

/**
 * A query as axios writes it: `a=1&list[]=x&deep[key]=y`, spaces as `+`, dates as ISO, null and undefined left out.
 *
 * @returns text without `?`; empty when there is nothing to send.
 */
export function toQuery(params: unknown, serializer: ParamsSerializer | null = {}): string {
  if (params === undefined || params === null) return '';
  if (typeof serializer === 'function') return String(serializer(params));
  const { serialize, encode: ownEncode, indexes } = serializer ?? {};
  if (serialize) return String(serialize(params, serializer));
  if (typeof params === 'string') return params.replace(/^\?/, '');
  if (isSearchParams(params)) return params.toString();
  const write = ownEncode ? (text: string): string => String(ownEncode(text, encode)) : encode;
  return toPairs(params, indexes)
    .map(([name, value]) => `${write(name)}=${write(value)}`)
    .join('&');
}

/** Names and values of an object, nested ones in brackets; what forms and queries have in common. */
export function toPairs(source: unknown, indexes: boolean | null = false): [string, string][] {
  return typeof source === 'object' && source !== null ? Object.entries(source).flatMap(([name, value]) => pairsOf(name, value, indexes)) : [];
}

function pairsOf(name: string, value: unknown, indexes: boolean | null): [string, string][] {
  if (value === undefined || value === null) return [];
  if (value instanceof Date) return [[name, value.toISOString()]];
  if (Array.isArray(value)) return value.flatMap((item, index) => pairsOf(itemName(name, isBranch(item) || indexes === true ? index : indexes), item, indexes));
  if (isBranch(value)) return Object.entries(value).flatMap(([key, item]) => pairsOf(`${name}[${key}]`, item, indexes));
  return [[name, String(value)]];
}

function itemName(name: string, index: number | false | null): string {
  if (index === null) return name;
  return `${name}[${index === false ? '' : index}]`;
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
