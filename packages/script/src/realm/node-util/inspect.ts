const bounds = { depth: 4, entries: 100, text: 10_000 };

/** A readable text for any value; never throws, whatever a getter or proxy does. */
export function inspect(value: unknown): string {
  try {
    return shown(value, 0, []);
  } catch {
    return '(unreadable)';
  }
}

/** `console.log` and `util.format`: placeholders `%s %d %i %f %j %o %O %%`, the rest joined with spaces. */
export function format(...args: unknown[]): string {
  const [first, ...rest] = args;
  if (typeof first !== 'string') return args.map(plain).join(' ');
  let index = 0;
  const text = first.replaceAll(/%([sdifjoO%])/g, (whole, kind: string) => {
    if (kind === '%') return '%';
    return index < rest.length ? placed(kind, rest[index++]) : whole;
  });
  return [text, ...rest.slice(index).map(plain)].join(' ');
}

function placed(kind: string, value: unknown): string {
  if (kind === 's') return plain(value);
  if (kind === 'j') return JSON.stringify(value) ?? 'undefined';
  if (kind === 'o' || kind === 'O') return inspect(value);
  const number = kind === 'i' ? Number.parseInt(String(value), 10) : Number(value);
  return String(number);
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value);
}

function shown(value: unknown, depth: number, above: object[]): string {
  if (typeof value === 'string') return depth === 0 ? value : JSON.stringify(value.slice(0, bounds.text));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[Function: ${value.name || 'anonymous'}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (above.includes(value)) return '[Circular]';
  if (value instanceof Error) return value.stack ?? `${value.name}: ${value.message}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`;
  if (depth >= bounds.depth) return Array.isArray(value) ? '[Array]' : '[Object]';
  return container(value, depth, [...above, value]);
}

function container(value: object, depth: number, above: object[]): string {
  const item = (entry: unknown): string => shown(entry, depth + 1, above);
  if (Array.isArray(value)) return `[${value.slice(0, bounds.entries).map(item).join(', ')}${value.length > bounds.entries ? ', ...' : ''}]`;
  if (value instanceof Map)
    return `Map(${value.size}) {${[...value]
      .slice(0, bounds.entries)
      .map(([key, entry]) => `${item(key)} => ${item(entry)}`)
      .join(', ')}}`;
  if (value instanceof Set) return `Set(${value.size}) {${[...value].slice(0, bounds.entries).map(item).join(', ')}}`;
  const entries = Object.entries(value).slice(0, bounds.entries);
  return entries.length === 0 ? '{}' : `{ ${entries.map(([key, entry]) => `${key}: ${item(entry)}`).join(', ')} }`;
}
