import { AppError } from 'model';
import { credentialFormatError } from '../credential-format.js';
import { isFields, valueAt } from '../dotted-path.js';
import { plainText, redactedText } from '../redaction.js';
import { errorCodeOf, refusalOf } from '../token-refusal.js';
import type { TokenAnswer, TokenGrant, TokenOutcome } from '../token-request.js';
import type { ReadContext } from './mode.js';

/** Fields that the end user typed or that the credential keeps. */
export type LoginFields = Record<string, unknown>;

/** The fields of a grant that a token is made from. @throws AppError `token_request_failed` for any other kind of grant */
export function loginFields(grant: TokenGrant): LoginFields {
  if (grant.kind === 'login') return grant.fields;
  throw new AppError('token_request_failed', {
    message: `This auth mode makes its token from the connection's own fields, not from a grant of kind '${grant.kind}'`,
  });
}

/** A field that is there, under the first of its names. */
export function textField(fields: LoginFields, ...names: string[]): string | undefined {
  return names.map((name) => fields[name]).find((value): value is string => typeof value === 'string' && value !== '');
}

/** A field without which no token can be asked for. @throws AppError `invalid_credential_format` naming it */
export function requiredField(fields: LoginFields, ...names: [string, ...string[]]): string {
  const value = textField(fields, ...names);
  if (value === undefined) throw credentialFormatError(names[0], 'is required');
  return value;
}

/** Whether the endpoint calls its own answer a success. */
export function isSuccess({ status }: TokenAnswer): boolean {
  return status >= 200 && status < 300;
}

/**
 * Why an answer brought no token, in the provider's own words, without any of the fields that the entry does not call public. A login that
 * is refused today may be let in tomorrow, when a password is set back or a server recovers: it has failed, and is not rejected for good.
 */
export function loginFailure(context: ReadContext, fields: LoginFields, answer: TokenAnswer, moreSecrets: string[] = []): TokenOutcome {
  const secrets = [...secretsOf(context, fields), ...moreSecrets];
  const { body } = answer;
  if (typeof body === 'string' && body.trim() !== '' && !body.trimStart().startsWith('<')) {
    return { ...refusalOf({ ...answer, body: {} }, secrets), kind: 'failed', reason: redactedText(body, secrets) };
  }
  return { ...refusalOf({ ...answer, body: isFields(body) && errorCodeOf(body) === undefined ? { ...body, ...inner(body) } : body }, secrets), kind: 'failed' };
}

/** The error within an envelope such as `<response><errormessage>` or `{ fault: { detail } }`, in the names of RFC 6749. */
function inner(body: Record<string, unknown>): Record<string, unknown> {
  const words: string[] = [];
  collectWords(body, words, 8);
  return words.length > 0 ? { error: words[0], error_description: words.slice(1, 3).join(': ') } : {};
}

function collectWords(value: unknown, words: string[], levels: number, isError = false): void {
  if (typeof value === 'string' && isError && value !== '') words.push(value);
  if (typeof value !== 'object' || value === null || levels === 0) return;
  for (const [name, item] of Object.entries(value)) collectWords(item, words, levels - 1, isError || /err|fault/i.test(name));
}

/** Every given text, except what the entry asks for as a public field, such as a user name. */
function secretsOf({ provider, client }: ReadContext, fields: LoginFields): string[] {
  const isPublic = (name: string): boolean => provider.credentials?.[name] !== undefined && provider.credentials[name].secret !== true;
  const given = Object.entries(fields).map(([name, value]) => (isPublic(name) ? undefined : value));
  const texts = [...given, client.secret, client.previousSecret, client.app?.private_key];
  return texts.filter((text): text is string => typeof text === 'string' && text !== '');
}

/** What the entry wants kept of an answer in the connection's config. */
export function keptValues({ provider }: ReadContext, body: unknown): Record<string, string> {
  const values = (provider.token_response_metadata ?? []).map((path) => [path, valueAt(body, path)] as const);
  const known = values.filter(([, value]) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean');
  return Object.fromEntries(known.map(([path, value]) => [path, plainText(String(value))]));
}

/** `seconds` after a moment. */
export function after(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000);
}
