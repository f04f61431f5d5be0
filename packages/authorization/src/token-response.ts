import type { Provider } from 'providers';
import { isFields, textOf, valueAt } from './dotted-path.js';
import { plainText } from './redaction.js';
import { parseTokenBody } from './token-body.js';
import { refusalOf } from './token-refusal.js';
import type { TokenAnswer, TokenOutcome } from './token-request.js';

/** Tokens out of an answer, whatever shape it has. `expiresAt` is missing where the provider tells of no end. */
export type Tokens = {
  kind: 'tokens';
  accessToken: string;
  refreshToken?: string | undefined;
  expiresAt?: Date | undefined;
  grantedScopes?: string[] | undefined;
  /** What the entry's `token_response_metadata` names. */
  connectionConfig: Record<string, string>;
  raw: Record<string, unknown>;
};

/** Why an answer gives no token. */
export type Refusal = Exclude<TokenOutcome, { kind: 'issued' }>;

type Fields = Record<string, unknown>;

const dayMs = 24 * 60 * 60 * 1000;
const maxLifeMs = 100 * 365 * dayMs;

/** Reads the tokens of an answer. Some providers refuse with status 200, so the body decides too; `secrets` never appear in the reason. */
export function readTokens(provider: Provider, answer: TokenAnswer, receivedAt: Date, secrets: readonly (string | undefined)[]): Tokens | Refusal {
  // Answers that earlier versions stored may hold text that they could not read.
  const body = typeof answer.body === 'string' ? parseTokenBody(answer.body) : answer.body;
  const fields = tokenFields(provider, body);
  const accessToken = textOf(fields['access_token']) ?? textOf(fields['accessToken']);
  const isError = answer.status < 200 || answer.status >= 300 || saysError(fields);
  if (accessToken === undefined || isError) return refusalOf({ ...answer, body }, secrets);
  return {
    kind: 'tokens',
    accessToken,
    refreshToken: textOf(fields['refresh_token']) ?? textOf(fields['refreshToken']),
    expiresAt: expiryOf(fields, receivedAt, provider.expires_in_unit === 'milliseconds' ? 1 : 1000),
    grantedScopes: scopesOf(fields['scope'] ?? fields['scopes']),
    connectionConfig: metadataOf(body, provider.token_response_metadata ?? []),
    raw: isFields(body) ? body : fields,
  };
}

/** The end of a token: what the provider told, else the entry's lifetime, else `defaultLifeMs`. Nothing where all three are silent. */
export function endOf(provider: Provider, { expiresAt }: Pick<Tokens, 'expiresAt'>, receivedAt: Date, defaultLifeMs?: number): Date | undefined {
  const lifeMs = provider.token_expires_in_ms ?? defaultLifeMs;
  return expiresAt ?? (lifeMs === undefined ? undefined : new Date(receivedAt.getTime() + lifeMs));
}

/** The object in which the access token stands, over the fields around it: at the entry's path, at the top, or one level down. */
function tokenFields({ alternate_access_token_response_path: path }: Provider, body: unknown): Fields {
  const top: Fields = isFields(body) ? body : {};
  const named = path === undefined ? undefined : textOf(valueAt(body, path));
  if (path !== undefined && named !== undefined) {
    const around = path.includes('.') ? valueAt(body, path.slice(0, path.lastIndexOf('.'))) : top;
    return { ...top, ...(isFields(around) ? around : {}), access_token: named };
  }
  if (hasToken(top)) return top;
  const parts: unknown[] = Array.isArray(body) ? body : Object.values(top);
  return Object.assign({}, top, parts.find(hasToken));
}

function hasToken(value: unknown): value is Fields {
  return isFields(value) && ('access_token' in value || 'accessToken' in value);
}

function saysError({ error, ok }: Fields): boolean {
  return ok === false || (typeof error === 'string' ? error !== '' : isFields(error));
}

/** An end that has passed already, or a life of nothing, counts as not told: the token would be renewed for every call. */
function expiryOf(fields: Fields, receivedAt: Date, unitMs: number): Date | undefined {
  const life = numberOf(fields['expires_in'] ?? fields['expiresIn'] ?? fields['expires']);
  if (life !== undefined && life > 0 && life < 1e11) return new Date(receivedAt.getTime() + Math.min(life * unitMs, maxLifeMs));
  const told = fields['expires_at'] ?? fields['expiresAt'];
  const moment = numberOf(told);
  const at = moment === undefined ? new Date(typeof told === 'string' ? told : Number.NaN) : new Date(moment * (moment < 1e11 ? 1000 : 1));
  return at > receivedAt ? new Date(Math.min(at.getTime(), receivedAt.getTime() + maxLifeMs)) : undefined;
}

/** Separated by blanks or commas, or a list. */
function scopesOf(value: unknown): string[] | undefined {
  const scopes = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : typeof value === 'string' ? value.split(/[\s,]+/) : [];
  const named = scopes.map(plainText).filter((scope) => scope !== '');
  return named.length > 0 ? named : undefined;
}

function metadataOf(body: unknown, paths: readonly string[]): Record<string, string> {
  const values = paths.map((path) => [path, valueAt(body, path)] as const);
  const known = values.filter(([, value]) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean');
  return Object.fromEntries(known.map(([path, value]) => [path, plainText(String(value))]));
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
