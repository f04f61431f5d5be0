import { interpolate, type PlaceholderValues, type Provider } from 'providers';
import { credentialFormatError } from '../credential-format.js';
import { publicKeyFingerprint } from '../signing/private-key.js';
import { signToken, type TokenSignature } from '../signing/signed-token.js';
import type { LoginFields } from './login.js';
import { filledJson } from './templates.js';

/** A token that the catalogue describes: what it says, and how it is signed. */
export type SignedTemplate = { token: NonNullable<Provider['token']>; signature: TokenSignature };

/** A token as it was signed, and for how many seconds it holds. */
export type SignedResult = { token: string; expires_in: number };

const defaultLifeMs = 60 * 60 * 1000;
/** Clocks differ: an API refuses a token that seems to come from the future. */
const headStartSeconds = 10;
const dates = new Set(['iat', 'exp', 'nbf']);

/**
 * Signs a token of the catalogue. `iat` and `exp` are filled in as numbers of seconds, unless the entry's payload has its own. Besides the
 * usual values its placeholders know `parts.<field>.<n>`, a field cut at its colons; `upper.<field>`, a field in capitals; and
 * `fingerprint.<field>`, base64 of the SHA-256 of a private key's public half.
 *
 * @throws AppError `invalid_credential_format` when a field is missing, or is no key of the right kind
 */
export async function signTemplate({ token, signature }: SignedTemplate, values: PlaceholderValues, fields: LoginFields): Promise<SignedResult> {
  const { signing_key: keyTemplate = '${credentials.privateKey}', expires_in_ms: lifeMs = defaultLifeMs, header, payload } = token;
  const field = /(?:credentials|parts)\.(\w+)/.exec(keyTemplate)?.[1] ?? 'privateKey';
  const known = { ...values, ...derivedValues(fields) };
  const key = interpolate(keyTemplate, known);
  if (key.missing.length > 0) throw credentialFormatError(field, keyTemplate.includes('parts.') ? 'must be two parts joined by a colon' : 'is required');
  const now = new Date();
  const issuedAt = Math.floor(now.getTime() / 1000) - headStartSeconds;
  const lifeSeconds = Math.floor(lifeMs / 1000);
  const claims = { iat: issuedAt, exp: issuedAt + lifeSeconds, ...withDates(filledJson(payload, known, now)) };
  const signed = await signToken({ header: filledJson(header, known, now), payload: claims, signature, key: key.text, field });
  return { token: signed, expires_in: lifeSeconds - headStartSeconds };
}

/** Computed only where a template names it: reading a key costs a millisecond. */
function derivedValues(fields: LoginFields): PlaceholderValues {
  const texts = Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return {
    parts: Object.fromEntries(texts.map(([name, text]) => [name, text.split(':')])),
    upper: Object.fromEntries(texts.map(([name, text]) => [name, text.toUpperCase()])),
    fingerprint: Object.defineProperties({}, Object.fromEntries(texts.map(([name, text]) => [name, { get: () => publicKeyFingerprint(text) }]))),
  };
}

/** A date of RFC 7519 is a number, whatever the template made of it. */
function withDates(payload: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, dates.has(name) ? Number(value) : value]));
}
