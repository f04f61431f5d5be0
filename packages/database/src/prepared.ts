import { createHash } from 'node:crypto';
import type { Queryable } from './pool.js';

const names = new Map<string, string>();

/**
 * The same connection or pool, with its parametrised statements prepared once per connection: half the database's time
 * for statements that are many and small. Only for texts that are written in the code, since none is ever forgotten.
 */
export function prepared(client: Queryable): Queryable {
  const query = (text: string, values?: unknown[]): unknown => client.query(values ? { name: nameOf(text), text, values } : text);
  // The answers are the client's own, and so are its overloads' types.
  return { query: query as Queryable['query'] };
}

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = createHash('sha1').update(text).digest('base64url');
  names.set(text, name);
  return name;
}
