import { Injectable } from '@nestjs/common';
import { safeEqual } from 'credentials';
import type { AuthorizationGrant, BrowserConnection, OAuthMessage, OAuthSessionDetails } from 'model';
import { type Authorized, AuthorizationService } from '../connection/authorization.service.js';
import { BrowserConnectionService } from '../connection/browser-connection.service.js';
import { isInstalled } from '../connection/credential-input.js';
import { IntegrationService } from '../integration/integration.service.js';
import { OAuthFlowError, toOAuthFlowError } from './oauth-error.js';
import { OAuthFlows } from './oauth-flows.service.js';
import { exchangeLines, type OAuthLogLine } from './oauth-log.repository.js';
import { type OAuthSession, hashOf, type TakenSession } from './oauth-session.repository.js';

/** A browser that comes back from a provider: its query, its cookies by name, and the integration that the path names, where it names one. */
export type Arrival = { query: Record<string, string>; cookieOf: (session: OAuthSession) => string | undefined; integrationKey?: string | undefined };

/** How an arrival ended, for the closing page. */
export type Ended = { wsClientId: string | null; message: OAuthMessage };

/** Takes browsers back from providers (surface 5.3, 5.4). */
@Injectable()
export class OAuthCallbackService {
  constructor(
    private readonly flows: OAuthFlows,
    private readonly integrations: IntegrationService,
    private readonly authorizations: AuthorizationService,
    private readonly connections: BrowserConnectionService,
  ) {}

  /** @throws OAuthFlowError `state_err` when no session belongs to the `state`; every other end is answered, and told to the browser that waits */
  async arrive(arrival: Arrival): Promise<Ended> {
    const state = stateOf(arrival.query);
    const session = state === undefined ? null : await this.flows.take(state);
    if (!session)
      throw new OAuthFlowError(
        'state_err',
        'This authorisation was finished already, took longer than ten minutes, or was never begun here. Start again in the app.',
      );
    const { wsClientId } = session;
    try {
      requireOwnBrowser(session, arrival);
      return { wsClientId, message: await this.complete(session, arrival) };
    } catch (thrown) {
      return { wsClientId, message: await this.fail(session, thrown) };
    }
  }

  /** Completes a session that waited for an administrator. A failure ends it, too, as the log of the authorisation tells. */
  async completeInstallation(session: OAuthSession, installationId: string): Promise<void> {
    const grant: AuthorizationGrant = { kind: 'installation', installationId };
    await this.connect(session, grant, session.details.connectionConfig).catch((thrown: unknown) => this.fail(session, thrown));
  }

  private async fail(session: OAuthSession, thrown: unknown): Promise<OAuthMessage> {
    const { type, message } = toOAuthFlowError(thrown);
    const { providerConfigKey, connectionId } = session.details;
    const end: OAuthMessage = {
      message_type: 'error',
      provider_config_key: providerConfigKey,
      connection_id: connectionId,
      error_type: type,
      error_desc: message,
    };
    await this.flows.end(session, end, [{ level: 'error', message: `The authorisation failed (${type}): ${message}` }]);
    return end;
  }

  private async complete(session: TakenSession, { query, integrationKey }: Arrival): Promise<OAuthMessage> {
    const { details } = session;
    if (integrationKey !== undefined && integrationKey !== details.providerConfigKey)
      throw new OAuthFlowError('callback_err', 'The provider came back to the callback of another integration.');
    requireIssuer(details, query['iss']);
    if (query['error']) throw new OAuthFlowError('callback_err', refusalOf(query));
    if (isInstalled(details.authMode) && query['setup_action'] === 'request' && !query['installation_id']) return this.wait(session);
    const provider = this.integrations.provider(await this.integrations.require(session.environmentId, details.providerConfigKey));
    const grant = grantOf(details, query, provider.authorization_code_param_in_callback ?? 'code');
    const kept = Object.fromEntries((provider.redirect_uri_metadata ?? []).flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]])));
    return this.connect(session, grant, { ...details.connectionConfig, ...kept });
  }

  /** The provider has asked an administrator to install the app; its webhook completes the connection. */
  private async wait(session: OAuthSession): Promise<OAuthMessage> {
    await this.flows.awaitInstallation(session);
    const message = successOf({ ...session.details, isPending: true });
    await this.flows.tell(session.wsClientId, message);
    return message;
  }

  /** Gets the token and keeps the connection. */
  private async connect(session: OAuthSession, grant: AuthorizationGrant, connectionConfig: Record<string, unknown>): Promise<OAuthMessage> {
    const { environmentId, details } = session;
    const { providerConfigKey: integrationKey, connectionId, tags, endUser, mayReplace, client, scopes } = details;
    const integration = await this.integrations.require(environmentId, integrationKey);
    const { exchanges, ...authorized } = await this.authorizations.authorize({ environmentId, integration, connectionConfig, grant, client, scopes });
    const kept = { ...authorized, integrationKey, connectionId, tags, endUser, mayReplace };
    await this.connections.keep(environmentId, kept);
    const message = successOf({ providerConfigKey: integrationKey, connectionId });
    await this.flows.end(session, message, [
      ...exchangeLines(exchanges),
      ...narrowedScopes(authorized),
      { level: 'info', message: 'The connection was authorised' },
    ]);
    return message;
  }
}

/** The message of a flow that ended well. */
export function successOf({ providerConfigKey, connectionId, isPending = false }: BrowserConnection): OAuthMessage {
  return { message_type: 'success', provider_config_key: providerConfigKey, connection_id: connectionId, is_pending: isPending };
}

/** Most providers give `state` back under its own name. */
function stateOf({ state, payload, customField }: Record<string, string>): string | undefined {
  return state ?? payload ?? customField;
}

/** A flow ends in the browser in which it began: whoever lures somebody else into his flow gets nothing. */
function requireOwnBrowser(session: TakenSession, { cookieOf }: Arrival): void {
  const cookie = cookieOf(session);
  if (cookie !== undefined && safeEqual(hashOf(cookie), session.cookieHash)) return;
  throw new OAuthFlowError(
    'state_cookie_err',
    'This authorisation was begun in another browser, or its cookie was blocked. Start again, and allow cookies for this page.',
  );
}

/**
 * RFC 9207: an answer of another authorization server than the one that was asked (mix-up). Where the issuer is not known beforehand, one that
 * the answer names must have the origin of the authorization page: else an evil server could send browsers on to an honest one and be given its code.
 */
function requireIssuer({ issuer, requiresIssuer, authorizationOrigin }: OAuthSessionDetails, given: string | undefined): void {
  if (given === undefined ? !requiresIssuer : issuer !== undefined ? given === issuer : isAt(given, authorizationOrigin)) return;
  const hint = issuer === undefined && given !== undefined ? ` It names ${given.slice(0, 200)} as its issuer.` : '';
  throw new OAuthFlowError('callback_err', `The answer did not come from the provider that was asked.${hint}`);
}

function isAt(url: string, origin: string | undefined): boolean {
  return origin === undefined || URL.parse(url)?.origin === origin;
}

/** The provider's own words, shown as text. */
function refusalOf({ error = '', error_description: description }: Record<string, string>): string {
  const words = [error, description].filter(Boolean).join(': ').slice(0, 300);
  return error === 'access_denied' ? `The access was not granted (${words}).` : `The provider answered: ${words}`;
}

function grantOf(
  { authMode, redirectUri, codeVerifier, requestToken, server }: OAuthSessionDetails,
  query: Record<string, string>,
  codeName: string,
): AuthorizationGrant {
  const { installation_id: installationId, oauth_verifier: verifier } = query;
  const code = query[codeName];
  if (authMode === 'OAUTH1') {
    if (!verifier || !requestToken) throw new OAuthFlowError('callback_err', 'The provider came back without oauth_verifier.');
    return { kind: 'oauth_verifier', ...requestToken, verifier };
  }
  if (isInstalled(authMode)) {
    if (!installationId) throw new OAuthFlowError('callback_err', 'The provider came back without installation_id.');
    return { kind: 'installation', installationId, ...(code ? { code, redirectUri } : {}) };
  }
  if (!code) throw new OAuthFlowError('callback_err', `The provider came back without ${codeName}.`);
  return { kind: 'authorization_code', code, redirectUri, codeVerifier, server };
}

/** A user who unticks a scope gets a connection that can do less: said once, where the team looks. */
function narrowedScopes({ scopes }: Pick<Authorized, 'scopes'>): OAuthLogLine[] {
  const missing = scopes?.requested.filter((scope) => !scopes.granted.includes(scope)) ?? [];
  return missing.length === 0
    ? []
    : [{ level: 'warn', message: `The provider granted fewer scopes than were asked for: ${missing.join(', ')} missing`, meta: { missing } }];
}
