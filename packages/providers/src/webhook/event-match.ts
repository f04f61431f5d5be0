import type { ConnectionMatch } from 'model';

const longest = 1_000;

/** The text or number at a dotted path of a body; null where there is none, nothing in it, or what no name of ours can be. */
export function textAt(body: unknown, path: string): string | null {
  let value: unknown = body;
  for (const key of path.split('.')) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  // Postgres has no text with NUL characters.
  return text === '' || text.length > longest || text.includes('\0') ? null : text;
}

/** Those of the given names that are there. */
export function typesOf(...types: (string | null)[]): string[] {
  return [...new Set(types.filter((type) => type !== null))];
}

/**
 * The connections whose `property` has this value (surface 6.2): `connectionId`, `metadata.<path>`, or a name in the connection's config.
 * None where the webhook does not say the value.
 */
export function matchOf(value: string | null, property: string): ConnectionMatch {
  if (!value) return { by: 'none' };
  if (property === 'connectionId') return { by: 'connectionId', value };
  if (property.startsWith('metadata.')) return { by: 'metadata', path: property.split('.').slice(1), value };
  return { by: 'config', name: property, value };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
