import type { AppStoreCredentials } from 'model';
import { signToken } from '../signing/signed-token.js';
import type { TokenAnswer, TokenOutcome } from '../token-request.js';
import { SignedAnswer } from './jwt.js';
import { after, loginFailure, type LoginFields, loginFields, requiredField, textField } from './login.js';
import type { ModeTokens } from './mode.js';

/** Apple takes no token of more than 20 minutes (App Store Connect API, "Generating tokens for API requests"). */
const lifeSeconds = 20 * 60;
const headStartSeconds = 30;

/** APP_STORE: a token for Apple's App Store Connect API, signed here with the team's key. Nothing is sent. */
export const appStore: ModeTokens = {
  async ask(_context, grant): Promise<TokenAnswer> {
    const { keyId, privateKey, issuerId, scope } = fieldsOf(loginFields(grant));
    const issuedAt = Math.floor(Date.now() / 1000) - headStartSeconds;
    const token = await signToken({
      header: { alg: 'ES256', kid: keyId },
      payload: { iss: issuerId, iat: issuedAt, exp: issuedAt + lifeSeconds, aud: 'appstoreconnect-v1', ...(scope ? { scope } : {}) },
      signature: { protocol: 'EC' },
      key: privateKey,
      field: 'privateKey',
    });
    return { status: 200, body: { token, expires_in: lifeSeconds - headStartSeconds } };
  },
  read(context, grant, answer, receivedAt): TokenOutcome {
    const given = loginFields(grant);
    const body = SignedAnswer.safeParse(answer.body);
    if (!body.success) return loginFailure(context, given, answer);
    const { keyId, privateKey, issuerId, scope } = fieldsOf(given);
    const { token, expires_in } = body.data;
    const credentials: AppStoreCredentials = {
      type: 'APP_STORE',
      access_token: token,
      expires_at: after(receivedAt, expires_in),
      private_key: privateKey,
      private_key_id: keyId,
      issuer_id: issuerId,
      ...(scope ? { scope } : {}),
      raw: {},
    };
    return { kind: 'issued', credentials, connectionConfig: {} };
  },
};

/** By the names of the public route, or by those that the credential keeps. */
function fieldsOf(fields: LoginFields) {
  return {
    keyId: requiredField(fields, 'privateKeyId', 'private_key_id'),
    privateKey: requiredField(fields, 'privateKey', 'private_key'),
    issuerId: requiredField(fields, 'issuerId', 'issuer_id'),
    scope: scopeOf(fields),
  };
}

/** A list, or text with one scope per line or comma. A scope holds blanks: `GET /v1/apps`. */
function scopeOf(fields: LoginFields): string[] | undefined {
  const scope = fields['scope'];
  const given = Array.isArray(scope) ? scope.filter((item) => typeof item === 'string') : (textField(fields, 'scope') ?? '').split(/[\n,]/);
  const scopes = given.map((item) => item.trim()).filter((item) => item !== '');
  return scopes.length > 0 ? scopes : undefined;
}
