import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from './issues.js';
import type { TokenAnswer, Tokens } from './tokens.js';

type Fields = Record<string, string | undefined>;
type OAuth = { tokens: Tokens; clientId: string; clientSecret: string; settings: Settings };

/** The authorisation-code grant with PKCE, refresh and client credentials (RFC 6749, RFC 7636), behind a page with two buttons. */
export function oauthRoutes(app: FastifyInstance, oauth: OAuth): void {
  app.get<{ Querystring: Fields }>('/oauth/authorize', async (request, reply) => {
    const { client_id: clientId, redirect_uri: redirectUri, response_type: type } = request.query;
    if (clientId !== oauth.clientId || type !== 'code' || !isUrl(redirectUri)) return reply.code(400).send({ error: 'invalid_request' });
    return reply.type('text/html').send(consentPage(request.url.slice(request.url.indexOf('?'))));
  });
  app.get<{ Querystring: Fields }>('/oauth/decision', async (request, reply) => decide(request.query, reply, oauth));
  app.post('/oauth/token', async (request, reply) => {
    const fields = (typeof request.body === 'object' && request.body !== null ? request.body : {}) as Fields;
    const client = clientOf(request, fields);
    if (client.id !== oauth.clientId || client.secret !== oauth.clientSecret) return reply.code(401).send({ error: 'invalid_client' });
    return answerGrant(fields, oauth) ?? reply.code(400).send({ error: 'invalid_grant', error_description: 'The grant is unknown, used or expired.' });
  });
}

function decide(query: Fields, reply: FastifyReply, oauth: OAuth): FastifyReply {
  const { client_id: clientId = '', redirect_uri: redirectUri, state, allow, code_challenge: challenge } = query;
  if (clientId !== oauth.clientId || !isUrl(redirectUri)) return reply.code(400).send({ error: 'invalid_request' });
  const back = new URL(redirectUri);
  if (state !== undefined) back.searchParams.set('state', state);
  if (allow === 'yes') back.searchParams.set('code', oauth.tokens.grant({ clientId, redirectUri, challenge }));
  else back.searchParams.set('error', 'access_denied');
  return reply.redirect(back.href, 302);
}

function answerGrant(fields: Fields, { tokens, clientId, settings }: OAuth): TokenAnswer | null {
  const seconds = settings.tokenSeconds;
  switch (fields['grant_type']) {
    case 'authorization_code':
      return tokens.exchange(fields['code'] ?? '', { clientId, redirectUri: fields['redirect_uri'] ?? '', verifier: fields['code_verifier'], seconds });
    case 'refresh_token':
      return tokens.renew(fields['refresh_token'] ?? '', seconds);
    case 'client_credentials':
      return tokens.issue(seconds);
    default:
      return null;
  }
}

function clientOf(request: FastifyRequest, fields: Fields): { id: string | undefined; secret: string | undefined } {
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined) return { id: fields['client_id'], secret: fields['client_secret'] };
  const [id, ...secret] = Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent);
  return { id, secret: secret.join(':') };
}

const isUrl = (text: string | undefined): text is string => text !== undefined && URL.canParse(text);

function consentPage(query: string): string {
  const link = (allow: string): string =>
    `/oauth/decision${query.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}&amp;allow=${allow}`;
  return `<!doctype html><meta charset="utf-8"><title>Demo tracker</title>
<style>body{font:16px system-ui;max-width:28rem;margin:15vh auto;text-align:center}a{display:inline-block;margin:1rem;padding:.6rem 1.4rem;border-radius:.4rem;background:#eee;color:#111;text-decoration:none}a.allow{background:#111;color:#fff}</style>
<h1>Demo tracker</h1><p>Allow this application to read and write your issues?</p>
<a class="allow" id="allow" href="${link('yes')}">Allow</a><a id="deny" href="${link('no')}">Deny</a>`;
}
