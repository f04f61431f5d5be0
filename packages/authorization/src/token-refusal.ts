import { isFields } from './dotted-path.js';
import { redactedText } from './redaction.js';
import type { TokenAnswer, TokenOutcome } from './token-request.js';

/** Codes that say that a grant is spent, expired or revoked: RFC 6749's, and those of providers that have their own (GitHub, Slack). */
const spentGrants = new Set(['invalid_grant', 'bad_refresh_token', 'bad_verification_code', 'invalid_refresh_token', 'token_revoked']);

/** Why an answer gives no token, in the provider's own words, from which `secrets` are taken out. */
export function refusalOf(
  { status, body, retryAfterSeconds }: TokenAnswer,
  secrets: readonly (string | undefined)[],
): Exclude<TokenOutcome, { kind: 'issued' }> {
  const words = wordsOf(body);
  const reason = words.length > 0 ? redactedText(words.join(': '), secrets) : `the token endpoint answered ${status} without a token`;
  const kind = words.some((word) => spentGrants.has(word.toLowerCase())) ? 'rejected' : 'failed';
  return { kind, reason, status, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}

/** The code of an error answer (RFC 6749, section 5.2), also where it stands within an object or a list of errors. */
export function errorCodeOf(body: unknown): string | undefined {
  return wordsOf(body)[0];
}

/** Code and description, in that order. */
function wordsOf(body: unknown): string[] {
  if (!isFields(body)) return Array.isArray(body) && isFields(body[0]) ? wordsOf(body[0]) : [];
  const { error, errors, error_description: description, error_message: errorMessage, message, detail } = body;
  const first: unknown = Array.isArray(errors) ? errors[0] : errors;
  const candidates = [...wordsOfError(error), ...wordsOfError(first), description, errorMessage, message, detail];
  return [...new Set(candidates.filter((word) => typeof word === 'string' && word !== ''))] as string[]; // strings, filtered above
}

function wordsOfError(error: unknown): unknown[] {
  if (!isFields(error)) return [error];
  const { code, type, error: inner, message, error_description: description, detail } = error;
  return [code, type, inner, message, description, detail];
}
