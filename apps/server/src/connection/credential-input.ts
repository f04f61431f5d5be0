import { AppError, type AuthMode, type AuthorizationGrant, type Credentials, type ErrorCode, type FieldProblem, maxCredentialLength } from 'model';
import { checkFields, type Provider } from 'providers';

/** Fields of a credential as somebody typed or imported them. */
export type CredentialFields = Record<string, unknown>;

/** What copying adds at the ends of a value: white space of every kind, byte-order marks, zero-width characters. */
const edges = /^[\s\u200B-\u200D\u2060\uFEFF]+|[\s\u200B-\u200D\u2060\uFEFF]+$/g;
/** The same without plain spaces, which a password may begin or end with. */
const edgesOfPassword = /^[\t\r\n\u200B-\u200D\u2060\uFEFF]+|[\t\r\n\u200B-\u200D\u2060\uFEFF]+$/g;

/** The values without what copying added. */
export function trimmed(fields: CredentialFields): CredentialFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? trim(name, value) : value]));
}

function trim(name: string, value: string): string {
  if (value.length > maxCredentialLength) throw malformed(name, `is longer than ${maxCredentialLength} characters`);
  return value.replaceAll(name === 'password' ? edgesOfPassword : edges, '');
}

/**
 * A pasted credential, ready to be made into a connection: a whole one where nothing has to be asked of the provider, else the fields that
 * its token is asked for with. Expects {@link trimmed} fields.
 *
 * @throws AppError `missing_api_key` and the like, or `invalid_credential_format` naming the field and the form it should have
 */
export function grantFrom(mode: AuthMode, provider: Provider, fields: CredentialFields): AuthorizationGrant {
  const whole = wholeCredential(mode, fields);
  const problems = checkFields(askedFields(mode, provider), fields, ['credentials']);
  if (problems[0]) throw new AppError('invalid_credential_format', { message: problems[0].message, errors: problems });
  return whole ? { kind: 'whole', credentials: whole } : { kind: 'login', fields: { ...defaults(provider), ...fields } };
}

/** Some APIs take a key as the user name and nothing as the password, or the other way round: unless its form is known, either may be empty. */
function askedFields(mode: AuthMode, { credentials = {} }: Provider): NonNullable<Provider['credentials']> {
  if (mode !== 'BASIC') return credentials;
  return Object.fromEntries(Object.entries(credentials).map(([name, field]) => [name, { ...field, optional: field.optional ?? field.pattern === undefined }]));
}

function wholeCredential(mode: AuthMode, fields: CredentialFields): Credentials | undefined {
  switch (mode) {
    case 'API_KEY':
      return { type: 'API_KEY', apiKey: sendable('apiKey', text(fields, 'apiKey', 'missing_api_key')) };
    case 'BASIC':
      return basic(fields);
    case 'TBA':
      return tba(fields);
    case 'NONE':
      return { type: 'NONE' };
    default:
      return undefined;
  }
}

/** RFC 7617: a user name holds no colon; either may be empty, not both. */
function basic(fields: CredentialFields): Credentials {
  const [username, password] = [optional(fields, 'username') ?? '', optional(fields, 'password') ?? ''];
  if (username === '' && password === '') throw malformed('username', 'and password are both empty');
  if (username.includes(':')) throw malformed('username', 'may not hold a colon');
  for (const [name, value] of [
    ['username', username],
    ['password', password],
  ] as const)
    withoutControls(name, value);
  return { type: 'BASIC', username, password };
}

function tba(fields: CredentialFields): Credentials {
  const [client_id, client_secret] = [optional(fields, 'oauth_client_id_override'), optional(fields, 'oauth_client_secret_override')];
  return {
    type: 'TBA',
    token_id: sendable('token_id', text(fields, 'token_id', 'invalid_credential_format')),
    token_secret: sendable('token_secret', text(fields, 'token_secret', 'invalid_credential_format')),
    config_override: { ...(client_id ? { client_id } : {}), ...(client_secret ? { client_secret } : {}) },
  };
}

/** Values of fields that nobody is asked for. */
function defaults({ credentials = {} }: Provider): CredentialFields {
  return Object.fromEntries(Object.entries(credentials).flatMap(([name, { default_value }]) => (default_value === undefined ? [] : [[name, default_value]])));
}

/** A text that must be there. */
export function text(fields: CredentialFields, name: string, code: ErrorCode): string {
  const value = optional(fields, name);
  if (value === undefined || value === '') throw new AppError(code, { message: `${name} is missing` });
  return value;
}

function optional(fields: CredentialFields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw malformed(name, 'must be text');
  return value;
}

/** A value that stands in a header as it is (RFC 9110, section 5.5). */
export function sendable(name: string, value: string): string {
  if (/^[\t\x20-\x7E\x80-\xFF]+$/.test(value)) return value;
  throw malformed(name, 'holds a line break or a character that no header can carry');
}

function withoutControls(name: string, value: string): void {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\x00-\x1F\x7F]/.test(value)) throw malformed(name, 'holds a line break or a control character');
}

function malformed(name: string, why: string): AppError {
  const message = `${name} ${why}`;
  const problem: FieldProblem = { code: 'custom', message, path: ['credentials', name] };
  return new AppError('invalid_credential_format', { message, errors: [problem] });
}

/** Whether what is connected is the installation of an app. */
export function isInstalled(authMode: AuthMode): boolean {
  return authMode === 'APP' || authMode === 'CUSTOM';
}
