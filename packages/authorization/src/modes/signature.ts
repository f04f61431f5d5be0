import { createHash, randomBytes } from 'node:crypto';
import type { SignatureCredentials } from 'model';
import { credentialFormatError } from '../credential-format.js';
import type { TokenAnswer, TokenOutcome } from '../token-request.js';
import { SignedAnswer } from './jwt.js';
import { after, loginFailure, type LoginFields, loginFields, requiredField } from './login.js';
import type { ModeTokens } from './mode.js';

/** Short of the five minutes by which APIs let `Created` differ from their clock. */
const defaultLifeMs = 4 * 60 * 1000;

/** SIGNATURE: the value of an `X-WSSE` header, made here of a user name and a secret. Nothing is sent. */
export const signature: ModeTokens = {
  async ask({ provider }, grant): Promise<TokenAnswer> {
    const { username, password } = fieldsOf(loginFields(grant));
    const token = wsseToken({ username, secret: password, nonce: randomBytes(16).toString('hex'), created: new Date() });
    return { status: 200, body: { token, expires_in: Math.floor((provider.token?.expires_in_ms ?? defaultLifeMs) / 1000) } };
  },
  read(context, grant, answer, receivedAt): TokenOutcome {
    const fields = loginFields(grant);
    const body = SignedAnswer.safeParse(answer.body);
    if (!body.success) return loginFailure(context, fields, answer);
    const { token, expires_in } = body.data;
    const credentials: SignatureCredentials = { type: 'SIGNATURE', ...fieldsOf(fields), token, expires_at: after(receivedAt, expires_in) };
    return { kind: 'issued', credentials, connectionConfig: {} };
  },
};

/**
 * A WSSE user name token. The digest is base64 of the SHA-1 in hexadecimal digits, as the APIs that take the header document it, where
 * the standard for SOAP has base64 of its bytes.
 */
export function wsseToken({ username, secret, nonce, created }: { username: string; secret: string; nonce: string; created: Date }): string {
  const moment = created.toISOString().replace(/\.\d+Z$/, 'Z');
  const digest = createHash('sha1').update(`${nonce}${moment}${secret}`).digest('hex');
  return `UsernameToken Username="${username}", PasswordDigest="${Buffer.from(digest).toString('base64')}", Nonce="${nonce}", Created="${moment}"`;
}

function fieldsOf(fields: LoginFields): { username: string; password: string } {
  const username = requiredField(fields, 'username');
  if (username.includes('"')) throw credentialFormatError('username', 'must not hold a quotation mark');
  return { username, password: requiredField(fields, 'password') };
}
