type Json = Record<string, unknown>;

/** A payload's text without fields that say nothing about whether it has changed. A path leads into objects, `a.b`, not into arrays. */
export function withoutVolatile(text: string, paths: readonly string[]): string {
  const record = JSON.parse(text) as Json;
  for (const path of paths) remove(record, path.split('.'));
  return JSON.stringify(record);
}

function remove(record: Json, [key = '', ...rest]: string[]): void {
  if (!Object.hasOwn(record, key)) return;
  const value = record[key];
  if (rest.length === 0) delete record[key];
  else if (typeof value === 'object' && value !== null && !Array.isArray(value)) remove(value as Json, rest); // an object, as was just asked
}
