/** `URLSearchParams` (WHATWG). `changed` is told the new query, for the URL it belongs to. */
export class SearchParams {
  #pairs: [string, string][];
  readonly #changed: ((query: string) => void) | undefined;

  constructor(init?: unknown, changed?: (query: string) => void) {
    this.#pairs = toPairs(init);
    this.#changed = changed;
  }

  get size(): number {
    return this.#pairs.length;
  }

  append(name: unknown, value: unknown): void {
    this.#pairs.push([String(name), String(value)]);
    this.#tell();
  }

  delete(name: unknown, value?: unknown): void {
    this.#pairs = this.#pairs.filter(([key, item]) => key !== String(name) || (value !== undefined && item !== String(value)));
    this.#tell();
  }

  get(name: unknown): string | null {
    return this.#pairs.find(([key]) => key === String(name))?.[1] ?? null;
  }

  getAll(name: unknown): string[] {
    return this.#pairs.filter(([key]) => key === String(name)).map(([, value]) => value);
  }

  has(name: unknown, value?: unknown): boolean {
    return this.#pairs.some(([key, item]) => key === String(name) && (value === undefined || item === String(value)));
  }

  set(name: unknown, value: unknown): void {
    const first = this.#pairs.findIndex(([key]) => key === String(name));
    if (first === -1) this.#pairs.push([String(name), String(value)]);
    else
      this.#pairs = this.#pairs
        .filter(([key], index) => key !== String(name) || index === first)
        .map((pair, index) => (index === first ? [pair[0], String(value)] : pair));
    this.#tell();
  }

  sort(): void {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#tell();
  }

  forEach(callback: (value: string, name: string, parent: SearchParams) => void): void {
    for (const [name, value] of this.#pairs) callback(value, name, this);
  }

  *entries(): IterableIterator<[string, string]> {
    for (const [name, value] of this.#pairs) yield [name, value];
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this.#pairs) yield name;
  }

  *values(): IterableIterator<string> {
    for (const [, value] of this.#pairs) yield value;
  }

  toString(): string {
    return this.#pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }

  get [Symbol.toStringTag](): string {
    return 'URLSearchParams';
  }

  /** The URL's own query has changed. */
  replace(query: string): void {
    this.#pairs = toPairs(query);
  }

  #tell(): void {
    this.#changed?.(this.toString());
  }
}

Object.defineProperty(SearchParams.prototype, 'replace', { enumerable: false });
Object.defineProperty(SearchParams, 'name', { value: 'URLSearchParams' });

function toPairs(init: unknown): [string, string][] {
  if (init === undefined || init === null) return [];
  if (typeof init !== 'object') return fromText(String(init));
  if (Symbol.iterator in init) return [...(init as Iterable<[unknown, unknown]>)].map(([name, value]) => [String(name), String(value)]);
  return Object.entries(init).map(([name, value]) => [name, String(value)]);
}

function fromText(text: string): [string, string][] {
  const query = text.startsWith('?') ? text.slice(1) : text;
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at === -1 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
    });
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** The form encoding: everything but letters, digits and `*-._`. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/[!'()~]|%20/g, (found) =>
    found === '%20' ? '+' : `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
