export const redacted = '[redacted]';

/** Shorter texts are found where they are no secret at all. */
const shortestSecret = 6;

/** Parts of a credential that tell of it and open nothing. */
const openKeys = new Set(['type', 'expires_at', 'expires_in', 'token_type', 'scope', 'app_id', 'installation_id']);
const secretName = /auth|token|secret|password|passwd|api[-_]?key|access[-_]?key|cookie|session|signature|credential/i;

/** Takes what must stay secret out of what is written to files. Secrets are learnt as they come by; found wherever they stand. */
export class Redaction {
  readonly #secrets = new Set<string>();

  /** Every text in there is a secret. */
  learn(value: unknown): void {
    const found = textsOf(value).filter((text) => text.length >= shortestSecret);
    for (const text of found) for (const form of [text, encodeURIComponent(text), base64(text)]) this.#secrets.add(form);
    const { username, password } = (typeof value === 'object' && value !== null ? value : {}) as { username?: unknown; password?: unknown };
    if (typeof username === 'string' && typeof password === 'string') this.#secrets.add(base64(`${username}:${password}`));
  }

  /** The value without the secrets in its texts and keys. */
  clean(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.clean(item));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.clean(item)]));
  }

  text(text: string): string {
    return this.#longestFirst().reduce((clean, secret) => clean.replaceAll(secret, redacted), text);
  }

  // A secret within another one must not leave the rest of that one behind.
  #longestFirst(): string[] {
    return [...this.#secrets].sort((one, other) => other.length - one.length);
  }
}

/** A connection with every value of its credentials replaced; its keys stay. */
export function withoutCredentials(connection: unknown): unknown {
  if (!isObject(connection)) return connection;
  return Object.fromEntries(Object.entries(connection).map(([key, value]) => [key, key === 'credentials' ? replaced(value) : value]));
}

/** Whether a header or a parameter of that name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

function replaced(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => replaced(item));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replaced(item, name)]));
  return value === null || typeof value === 'boolean' || openKeys.has(key) ? value : redacted;
}

function textsOf(value: unknown, key = ''): string[] {
  if (openKeys.has(key)) return [];
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item));
  return isObject(value) ? Object.entries(value).flatMap(([name, item]) => textsOf(item, name)) : [];
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
