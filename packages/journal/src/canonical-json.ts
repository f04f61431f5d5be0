/**
 * A value as JSON with its keys in order, so that equal values give equal text whoever wrote them.
 * Bytes stand as `{"$bytes": base64}`; what JSON cannot hold is left out, as `JSON.stringify` does.
 * @throws TypeError for a cyclic value or a bigint
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, ordered) ?? 'null';
}

function ordered(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (value instanceof Map || value instanceof Set) return [...value];
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
