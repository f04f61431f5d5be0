/**
 * What a form holds as the JSON of a request: `a.b` becomes `{ a: { b } }`. Empty fields are left out, unless `keepsEmpty` says that an empty
 * one has a meaning of its own.
 */
export function nestedData(form: FormData, keepsEmpty: (name: string) => boolean = () => false): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const [name, value] of form) {
    if (typeof value !== 'string' || (value === '' && !keepsEmpty(name))) continue;
    const [group, field] = splitName(name);
    data[group] = field === undefined ? value : { ...asObject(data[group]), [field]: value };
  }
  return data;
}

function splitName(name: string): [string, string?] {
  const dot = name.indexOf('.');
  return dot === -1 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
