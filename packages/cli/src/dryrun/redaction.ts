export const redacted = '[redacted]';

/** Shorter texts are found where they are no secret at all. */
const shortestSecret = 6;

/** Parts of a credential that tell of it and open nothing. */
const openKeys = new Set(['type', 'expires_at', 'expires_in', 'token_type', 'scope', 'app_id', 'installation_id']);
const secretName =
  /(^|[-_.])(authorization|authentication|auth|token|secret|password|passwd|cookies?|session(_?id)?|signature|credentials?|(api|access|private|dev)[-_]?key)$/;
/** Where a next page begins is no secret, and tells one request from another. */
const pageName = /(page|next|continuation|sync|delta|start|skip|cursor)[-_]?token$/;

/** Takes what must stay secret out of what is written to files. Secrets are learnt as they come by; found wherever they stand. */
export class Redaction {
  readonly #secrets = new Set<string>();

  /** Every text in there is a secret, as far as its key does not say otherwise. */
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

/** A connection with every value of its credentials replaced, and those of its configuration that are named like one; keys stay. */
export function withoutCredentials(connection: unknown): unknown {
  if (!isObject(connection)) return connection;
  const { credentials, connection_config: config } = connection;
  return {
    ...connection,
    ...(credentials === undefined ? {} : { credentials: replaced(credentials) }),
    ...(isObject(config) ? { connection_config: withoutNamedSecrets(config) } : {}),
  };
}

function withoutNamedSecrets(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isSecretName(name) ? redacted : value]));
}

/** Whether a parameter of that name, in whichever spelling, holds a secret. */
export function isSecretName(name: string): boolean {
  const words = name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
  return secretName.test(words) && !pageName.test(words);
}

/** Likewise a header, which holds a key where it is named so. */
export function isSecretHeader(name: string): boolean {
  return isSecretName(name) || (/key$/i.test(name) && !/idempotency/i.test(name));
}

function replaced(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => replaced(item));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replaced(item, name)]));
  return value === null || typeof value === 'boolean' || openKeys.has(key) ? value : redacted;
}

type Where = { key?: string; inRaw?: boolean };

/** What a provider answered with the tokens (`raw`) also names teams and addresses; those are no secrets. */
function textsOf(value: unknown, { key = '', inRaw = false }: Where = {}): string[] {
  if (openKeys.has(key)) return [];
  if (typeof value === 'string') return !inRaw || isSecretName(key) || isLikeKey(value) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, { key, inRaw }));
  return isObject(value) ? Object.entries(value).flatMap(([name, item]) => textsOf(item, { key: name, inRaw: inRaw || name === 'raw' })) : [];
}

/** Long and in one piece, as keys are. */
function isLikeKey(text: string): boolean {
  return /^\S{16,}$/.test(text) && !/^https?:/.test(text);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
