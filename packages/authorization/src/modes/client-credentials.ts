import { AppError } from 'model';
import { tokenUrlOf } from 'providers';
import { authenticationMethodOf } from '../client-authentication.js';
import { textOf } from '../dotted-path.js';
import { callTokenEndpoint, endpointUrl, fillHeaders, fillParams } from '../token-endpoint.js';
import type { AuthorizationClient, TokenAnswer, TokenContext, TokenGrant, TokenOutcome } from '../token-request.js';
import { endOf, readTokens } from '../token-response.js';
import type { ModeTokens, ReadContext } from './mode.js';

/** Short of the hour that most servers give. */
const defaultLifeMs = 55 * 60 * 1000;

/** The client credentials grant of OAuth 2.0 (RFC 6749, section 4.4): with the connection's own client, else the integration's. */
export const clientCredentials: ModeTokens = {
  async ask(context, grant): Promise<TokenAnswer> {
    const fields = fieldsOf(grant);
    const client = clientOf(context, fields);
    const { provider, connectionConfig } = context;
    const values = { connectionConfig, clientId: client.id, clientSecret: client.secret, credentials: fields, ...fields };
    const scopes = client.scopes.join(provider.scope_separator ?? ' ');
    return callTokenEndpoint(
      { ...context, client: authenticationMethodOf(provider) === 'private_key_jwt' ? withKey(client, fields) : client },
      {
        url: endpointUrl(provider, tokenUrlOf(provider, 'OAUTH2'), values),
        fields: { grant_type: 'client_credentials', ...(scopes === '' ? {} : { scope: scopes }), ...fillParams(provider.token_params, values) },
        headers: fillHeaders(provider.token_headers, values),
      },
    );
  },
  read(context, grant, answer, receivedAt): TokenOutcome {
    const fields = fieldsOf(grant);
    const client = clientOf(context, fields);
    const read = readTokens(context.provider, answer, receivedAt, [...Object.values(fields).map(textOf), client.secret, client.previousSecret]);
    // A client that the server refuses today may be let in tomorrow: no grant is spent here.
    if (read.kind !== 'tokens') return { ...read, kind: 'failed' };
    const { accessToken, raw, connectionConfig, grantedScopes } = read;
    const credentials = {
      type: 'OAUTH2_CC' as const,
      token: accessToken,
      expires_at: endOf(context.provider, read, receivedAt, defaultLifeMs),
      client_id: textOf(fields['client_id']) ?? '',
      client_secret: textOf(fields['client_secret']) ?? '',
      client_certificate: textOf(fields['client_certificate']),
      client_private_key: textOf(fields['client_private_key']),
      raw,
    };
    return { kind: 'issued', credentials, connectionConfig, grantedScopes };
  },
};

function fieldsOf(grant: TokenGrant): Record<string, unknown> {
  if (grant.kind === 'login' && grant.type === 'OAUTH2_CC') return grant.fields;
  throw new AppError('token_request_failed', { message: `OAUTH2_CC has no token for a grant of kind '${grant.kind}'` });
}

function clientOf({ client }: ReadContext | TokenContext, fields: Record<string, unknown>): AuthorizationClient {
  const id = textOf(fields['client_id']);
  return id === undefined ? client : { id, secret: textOf(fields['client_secret']) ?? '', scopes: client.scopes };
}

function withKey(client: AuthorizationClient, fields: Record<string, unknown>): AuthorizationClient {
  return { ...client, secret: textOf(fields['client_private_key']) ?? client.secret };
}
