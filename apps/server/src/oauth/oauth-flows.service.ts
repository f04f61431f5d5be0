import { Inject, Injectable } from '@nestjs/common';
import type { OAuthMessage, OAuthProgress } from 'model';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { EnvironmentService } from '../environment/environment.service.js';
import { randomSecret } from './browser-binding.js';
import { callbackUrl } from './callback-url.js';
import { type OAuthLogLine, OAuthLogRepository } from './oauth-log.repository.js';
import { OAuthResultRepository } from './oauth-result.repository.js';
import { type OAuthSession, OAuthSessionRepository, type SessionSecrets, type TakenSession } from './oauth-session.repository.js';

/** How long an administrator may take to install an app. */
const maxInstallationWaitMs = 30 * 24 * 3_600_000;

/** The records of a flow: its session, its log, and what the waiting browser is told. */
@Injectable()
export class OAuthFlows {
  constructor(
    private readonly sessions: OAuthSessionRepository,
    private readonly results: OAuthResultRepository,
    private readonly logs: OAuthLogRepository,
    private readonly environments: EnvironmentService,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** The environment's public id, and where a provider sends the browsers of an integration back to. */
  async environment(environmentId: number, integrationKey: string): Promise<{ uuid: string; redirectUri: string }> {
    const { uuid, callback_url } = await this.environments.settings(environmentId);
    return { uuid, redirectUri: callbackUrl(this.configuration.serverUrl, callback_url, integrationKey) };
  }

  /** Keeps the session before the browser leaves for the provider. */
  async begin(session: Omit<OAuthSession, 'operationId'>, secrets: SessionSecrets, url: string, expiresAt: Date): Promise<void> {
    const { environmentId, details, wsClientId } = session;
    const { origin, pathname } = new URL(url);
    const line: OAuthLogLine = {
      level: 'info',
      message: `The browser was sent to ${origin}${pathname}`,
      meta: { authMode: details.authMode, scopes: details.scopes },
    };
    const operationId = await this.logs.open(environmentId, { integration: details.providerConfigKey, connectionId: details.connectionId }, line);
    await this.sessions.add({ ...session, operationId }, secrets, expiresAt);
    if (wsClientId !== null) await this.results.begin(wsClientId);
  }

  /** Keeps a session that no browser ends any more: nobody knows its secrets. */
  async awaitInstallation(session: OAuthSession): Promise<void> {
    const expiresAt = new Date(Date.now() + maxInstallationWaitMs);
    await this.sessions.add(session, { state: randomSecret(), cookie: randomSecret() }, expiresAt, true);
    await this.logs.add(session, [{ level: 'info', message: 'The provider waits for an administrator to install the app' }]);
  }

  awaitingInstallation(environmentId: number, integrationId: number): Promise<OAuthSession[]> {
    return this.sessions.awaitingInstallation(environmentId, integrationId);
  }

  /** Takes a session that awaited an installation; false where somebody else has taken it. */
  remove(session: OAuthSession): Promise<boolean> {
    return this.sessions.remove(session);
  }

  take(state: string): Promise<TakenSession | null> {
    return this.sessions.take(state);
  }

  log(session: OAuthSession, lines: OAuthLogLine[]): Promise<void> {
    return this.logs.add(session, lines);
  }

  /** Ends a flow: its log, and the browser that waits. */
  async end(session: OAuthSession, message: OAuthMessage, lines: OAuthLogLine[] = []): Promise<void> {
    await this.logs.close(session, message.message_type === 'success' ? 'success' : 'failed', lines);
    await this.tell(session.wsClientId, message);
  }

  /** Tells the browser that waits, where there is one. */
  async tell(wsClientId: string | null | undefined, message: OAuthMessage): Promise<void> {
    if (wsClientId) await this.results.finish(wsClientId, message);
  }

  progress(wsClientId: string): Promise<OAuthProgress> {
    return this.results.progress(wsClientId);
  }
}
