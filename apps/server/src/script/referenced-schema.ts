type Schema = Record<string, unknown>;

/** The part of a deploy's JSON schema that says what these models are: their definitions and those that they refer to. Null when none is there. */
export function referencedSchema(schema: Schema | null, models: readonly string[]): { definitions: Record<string, unknown> } | null {
  const all = isObject(schema?.['definitions']) ? schema['definitions'] : {};
  const definitions: Record<string, unknown> = {};
  const waiting = models.filter((model) => Object.hasOwn(all, model));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (Object.hasOwn(definitions, name)) continue;
    definitions[name] = all[name];
    waiting.push(...referencesIn(all[name]).filter((reference) => Object.hasOwn(all, reference)));
  }
  return Object.keys(definitions).length === 0 ? null : { definitions };
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  const own = typeof value['$ref'] === 'string' ? [decodeURIComponent(value['$ref'].replace(/^#\/definitions\//, ''))] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
