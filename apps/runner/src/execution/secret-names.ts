/** Shorter values may stand in a text by chance. */
const shortest = 8;

/** The secrets that a run was given, so that its calls can be told apart by everything but these. */
export class SecretNames {
  readonly #names = new Map<string, string>();
  #longestFirst: [form: string, name: string][] = [];

  /** Learns every text in a value, however deep, by the way to it. */
  learn(name: string, value: unknown): void {
    if (typeof value === 'string') return this.#add(name, value);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) this.learn(`${name}.${key}`, item);
    const { username, password } = value as { username?: unknown; password?: unknown };
    if (typeof username === 'string' && typeof password === 'string') this.#add(`${name}.basic`, `${username}:${password}`);
  }

  /** The text with names in place of secrets. */
  mask(text: string): string {
    return this.#longestFirst.reduce((masked, [form, name]) => masked.replaceAll(form, name), text);
  }

  #add(name: string, value: string): void {
    for (const form of formsOf(value)) if (form.length >= shortest && !this.#names.has(form)) this.#names.set(form, `\${${name}}`);
    this.#longestFirst = [...this.#names].toSorted(([left], [right]) => right.length - left.length);
  }
}

/** As scripts write secrets into calls: plain, within JSON, URL-encoded, as base64, and as a key in front of no password. */
function formsOf(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  return value.length < shortest
    ? []
    : [value, escaped, encodeURIComponent(value), ...base64(value), ...base64(`${value}:`), ...base64(`:${value}`), ...base64(`${value}:x`)];
}

const base64 = (text: string): string[] => [Buffer.from(text).toString('base64'), Buffer.from(text).toString('base64url')];
