/** Reads `a.b[0].c` out of a value, as lodash's `get`; an empty path is the value itself. */
export function read(value: unknown, path: string | undefined): unknown {
  if (!path) return value;
  // A key that holds dots itself wins over the path it could be.
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path];
  const keys = [...path.matchAll(/\[(?:"([^"]*)"|'([^']*)'|([^\]]*))\]|[^.[\]]+/g)].map(([key, double, single, bare]) => double ?? single ?? bare ?? key);
  return keys.reduce<unknown>((at, key) => (at === null || at === undefined ? undefined : (at as Record<string, unknown>)[key]), value);
}
