import { AppError } from 'model';
import { interpolate, tokenUrlOf } from 'providers';
import { isFields } from '../dotted-path.js';
import { oauth1Header } from '../signing/oauth1.js';
import { endpointUrl, toAnswer } from '../token-endpoint.js';
import { refusalOf } from '../token-refusal.js';
import type { TokenAnswer, TokenContext, TokenGrant, TokenHttpResponse, TokenOutcome } from '../token-request.js';
import type { ModeTokens } from './mode.js';

type VerifierGrant = Extract<TokenGrant, { kind: 'oauth_verifier' }>;
type Signed = { url: string; token?: { value: string; secret: string } | undefined; extra: Record<string, string> };

/** OAuth 1.0 (RFC 5849): the verifier of the provider's page becomes a token that never ends. */
export const oauth1: ModeTokens = {
  async ask(context, grant): Promise<TokenAnswer> {
    const { token, tokenSecret, verifier } = verifierOf(grant);
    const { provider, connectionConfig } = context;
    const url = endpointUrl(provider, tokenUrlOf(provider, 'OAUTH2'), { connectionConfig });
    return toAnswer(await sendSigned(context, { url, token: { value: token, secret: tokenSecret }, extra: { oauth_verifier: verifier } }));
  },
  read({ client }, grant, answer): TokenOutcome {
    const { token, tokenSecret, verifier } = verifierOf(grant);
    const pair = pairOf(answer);
    if (!pair) return refusalOf(answer, [client.secret, client.previousSecret, token, tokenSecret, verifier]);
    const { oauth_token, oauth_token_secret } = pair;
    return { kind: 'issued', credentials: { type: 'OAUTH1', oauth_token, oauth_token_secret, raw: pair }, connectionConfig: {} };
  },
};

/**
 * The request token that a flow begins with (RFC 5849, section 2.1).
 *
 * @throws AppError `token_request_failed` with the provider's words, `missing_api_url`
 */
export async function requestOAuth1Token(context: TokenContext, callbackUrl: string): Promise<{ token: string; tokenSecret: string }> {
  const { provider, connectionConfig, client } = context;
  const params = Object.entries(provider.request_params ?? {}).map(([name, template]) => [name, interpolate(template, { connectionConfig }).text] as const);
  const base = endpointUrl(provider, provider.request_url, { connectionConfig });
  const url = new URL(base);
  for (const [name, value] of params) url.searchParams.set(name, value);
  const answer = toAnswer(await sendSigned(context, { url: url.href, extra: { oauth_callback: callbackUrl } }));
  const pair = pairOf(answer);
  if (pair && pair['oauth_callback_confirmed'] !== 'false') return { token: pair.oauth_token, tokenSecret: pair.oauth_token_secret };
  const { reason } = refusalOf(answer, [client.secret, client.previousSecret]);
  throw new AppError('token_request_failed', { message: `The provider gave no request token (${reason})` });
}

/** Signed once more with the client's previous secret where the current one is refused. */
async function sendSigned(context: TokenContext, signed: Signed): Promise<TokenHttpResponse> {
  const { client, send } = context;
  const response = await send(requestOf(context, client.secret, signed));
  return response.status === 401 && client.previousSecret !== undefined ? send(requestOf(context, client.previousSecret, signed)) : response;
}

function requestOf({ provider, client }: TokenContext, secret: string, { url, token, extra }: Signed) {
  const method = provider.token_request_method ?? 'POST';
  const request = { method, url: new URL(url), client: { id: client.id, secret }, token, extra, signatureMethod: provider.signature_method };
  return { url, method, headers: { accept: '*/*', 'user-agent': 'nango', authorization: oauth1Header(request) } };
}

function pairOf({ status, body }: TokenAnswer): (Record<string, unknown> & { oauth_token: string; oauth_token_secret: string }) | undefined {
  if (status < 200 || status >= 300 || !isFields(body)) return undefined;
  const { oauth_token, oauth_token_secret } = body;
  return typeof oauth_token === 'string' && typeof oauth_token_secret === 'string' ? { ...body, oauth_token, oauth_token_secret } : undefined;
}

function verifierOf(grant: TokenGrant): VerifierGrant {
  if (grant.kind === 'oauth_verifier') return grant;
  throw new AppError('token_request_failed', { message: `OAUTH1 has no token for a grant of kind '${grant.kind}'` });
}
