import type { Credentials } from 'model';
import type { Target } from '../connection/target.js';

const redacted = '[redacted]';
/** Of a credential, what everybody may read. */
const open = new Set(['type', 'expires_at', 'expires_in', 'token_type', 'scope']);
/** Parameters that mostly hold a secret, whoever's it is. */
const secretNames = /token|secret|passw|api[-_]?key|^key$|signature|^sig$|^auth|^code$|credential/i;

/** Every text of a connection's credential, and of its integration's client, that must not be read anywhere. */
export function secretsOfTarget({ credentials, client }: Target): string[] {
  return [...secretsOf(credentials), client?.secret ?? ''];
}

/** Every text of a credential that must not be read anywhere. */
export function secretsOf(credentials: Credentials): string[] {
  const secrets = textsIn(credentials);
  const { username, password } = credentials as { username?: unknown; password?: unknown };
  if (typeof username === 'string' && typeof password === 'string') secrets.push(`${username}:${password}`);
  return secrets;
}

/** A URL as the log may show it: without user and password, without what stands under a secret's name, and without `secrets` in any spelling. */
export function redactedUrl(url: URL, secrets: readonly string[]): string {
  return redactedText(url.origin + url.pathname + redactedQuery(url.search), secrets);
}

/** A text without `secrets`, as they are or encoded. What decodes to one after all is withheld as a whole. */
export function redactedText(text: string, secrets: readonly string[]): string {
  const spellings = [...new Set(secrets.filter((secret) => secret !== '').flatMap(spellingsOf))].sort((a, b) => b.length - a.length);
  const shown = spellings.reduce((rest, spelling) => rest.replaceAll(spelling, redacted), text);
  const decoded = decode(shown.replaceAll(redacted, ''));
  return secrets.some((secret) => secret !== '' && decoded.includes(secret)) ? redacted : shown;
}

function redactedQuery(search: string): string {
  if (search === '') return '';
  const pairs = search.slice(1).split('&');
  return `?${pairs.map((pair) => (secretNames.test(decode(pair.split('=', 1)[0] ?? '')) && pair.includes('=') ? `${pair.split('=', 1)[0]}=${redacted}` : pair)).join('&')}`;
}

function spellingsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret);
  const lower = encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString('base64');
  const form = new URLSearchParams({ s: secret }).toString().slice(2);
  return [secret, encoded, lower, encodeURI(secret), form, base64, encodeURIComponent(base64), base64.replace(/=+$/, ''), bytes.toString('base64url')];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text.replaceAll(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (open.has(name) ? [] : textsIn(inner)));
}
