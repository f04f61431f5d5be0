import { Injectable } from '@nestjs/common';
import { askForToken, readTokenAnswer, type TokenContext, type TokenGrant } from 'authorization';
import { AppError, type Authorization, type AuthorizationGrant, type AuthorizationRequest, type Credentials, type ErrorCode, isAppError } from 'model';
import { VerificationService } from '../call/verification.service.js';
import { notMadeYet, type Target } from '../connection/target.js';
import { failureOf } from '../call/outcome.js';
import { type OpenTokenContext, TokenContexts } from './token-contexts.service.js';

type Issued = Omit<Authorization, 'exchanges'>;

/** Gets new credentials from providers and tries them, before anybody keeps them. */
@Injectable()
export class AuthorizationService {
  constructor(
    private readonly contexts: TokenContexts,
    private readonly verification: VerificationService,
  ) {}

  /** @throws AppError `token_request_failed`, `connection_test_failed`, `invalid_credential_format`, `missing_api_url`, `url_not_allowed` */
  async authorize(request: AuthorizationRequest): Promise<Authorization> {
    const opened = await this.contexts.open(request);
    const issued = await this.issue(opened.context, request.grant, request.client);
    if (request.verify) await this.verification.verify(targetOf(opened, issued));
    return { ...issued, exchanges: opened.exchanges };
  }

  private async issue(context: TokenContext, given: AuthorizationGrant, client: AuthorizationRequest['client']): Promise<Issued> {
    if (given.kind === 'whole') return { credentials: given.credentials, connectionConfig: {} };
    const grant = tokenGrant(context, given);
    const answer = await askForToken(context, grant).catch((error: unknown) => {
      throw isAppError(error) && !unansweredCodes.has(error.code) ? error : unanswered(context, error);
    });
    const outcome = readTokenAnswer(context, grant, answer, new Date());
    if (outcome.kind !== 'issued') {
      const { kind, reason, status } = outcome;
      throw new AppError('token_request_failed', { message: `${context.provider.display_name} gave no token (${reason})`, payload: { kind, status } });
    }
    const { credentials, connectionConfig, grantedScopes } = outcome;
    const installation = grant.kind === 'installation' && grant.installationId ? { installation_id: grant.installationId } : {};
    return {
      credentials: withClient(credentials, client),
      connectionConfig: { ...installation, ...connectionConfig },
      ...(grantedScopes ? { grantedScopes } : {}),
    };
  }
}

function tokenGrant({ provider }: TokenContext, given: Exclude<AuthorizationGrant, { kind: 'whole' }>): TokenGrant {
  if (given.kind === 'refresh_token')
    return { kind: 'refresh_token', credentials: { type: 'OAUTH2', access_token: '', refresh_token: given.refreshToken, raw: {} } };
  if (given.kind !== 'login') return given;
  const type = provider.auth_mode;
  switch (type) {
    case 'OAUTH2_CC':
    case 'TWO_STEP':
    case 'JWT':
    case 'SIGNATURE':
    case 'BILL':
    case 'TABLEAU':
    case 'APP_STORE':
    case 'AWS_SIGV4':
      return { kind: 'login', type, fields: given.fields };
    default:
      throw new AppError('wrong_auth_mode', { message: `${provider.display_name} authorises with ${type}, which takes no pasted fields` });
  }
}

/** Tokens that a client of the connection's own got are renewed with that client. */
function withClient(credentials: Credentials, client: AuthorizationRequest['client']): Credentials {
  const isOwn =
    client?.client_id !== undefined && (credentials.type === 'OAUTH2' || credentials.type === 'MCP_OAUTH2' || credentials.type === 'MCP_OAUTH2_GENERIC');
  return isOwn ? { ...credentials, config_override: client } : credentials;
}

/** An endpoint that is down, slow or sends too much is the provider's failure, not ours. */
const unansweredCodes = new Set<ErrorCode>(['upstream_unreachable', 'upstream_timeout']);

function unanswered({ provider }: TokenContext, error: unknown): AppError {
  const { message } = failureOf(error);
  return new AppError('token_request_failed', { message: `${provider.display_name} gave no token (${message})`, payload: { kind: 'failed', status: null } });
}

/** The connection that is about to be made, as a call needs it. */
function targetOf({ integration, context }: OpenTokenContext, { credentials, connectionConfig }: Issued): Target {
  const now = new Date();
  const { environmentId, id: integrationId, providerConfigKey, provider, rateLimit: integrationRateLimit } = integration;
  const names = { id: notMadeYet, integrationId, environmentId, connectionId: '', providerConfigKey, provider };
  return {
    connection: {
      ...names,
      connectionConfig: { ...context.connectionConfig, ...connectionConfig },
      metadata: {},
      endUser: null,
      tags: {},
      createdAt: now,
      updatedAt: now,
      lastFetchedAt: null,
      sealedCredentials: '',
      credentialVersion: 0,
      refusals: null,
      credentialIssuedAt: now,
      integrationConfig: integration.config,
      oauthClientId: context.client.id,
      sealedClientSecret: null,
      rateLimit: null,
      integrationRateLimit,
    },
    provider: context.provider,
    credentials,
    credentialVersion: 0,
    issuedAt: now,
    client: { id: context.client.id, secret: context.client.secret },
  };
}
