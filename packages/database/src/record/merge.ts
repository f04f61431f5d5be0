type Json = Record<string, unknown>;

/** What `batchUpdate` makes of a record: objects merged at every depth, everything else (arrays too) replaced. */
export function deepMerge(old: Json, change: Json): Json {
  const merged: Json = { ...old };
  for (const [key, value] of Object.entries(change)) {
    const before = Object.hasOwn(old, key) ? old[key] : undefined;
    setOwn(merged, key, isObject(before) && isObject(value) ? deepMerge(before, value) : value);
  }
  return merged;
}

// Assigning to `__proto__` would set the prototype instead of a field.
function setOwn(target: Json, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
