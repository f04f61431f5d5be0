import { Injectable } from '@nestjs/common';
import { AppError, connectSessionPrefix } from 'model';
import { ConnectSessionRepository, type StoredConnectSession } from './connect-session.repository.js';

const form = new RegExp(`^${connectSessionPrefix}[0-9a-f]{64}$`);

/** Lets an end user in by the session that the product opened for them. */
@Injectable()
export class ConnectAccess {
  constructor(private readonly sessions: ConnectSessionRepository) {}

  /** @throws AppError `invalid_connect_session_token_format`, `unknown_connect_session_token` */
  async sessionOf(token: string): Promise<StoredConnectSession> {
    if (!form.test(token)) throw new AppError('invalid_connect_session_token_format', { message: 'This is not the token of a connect session' });
    const session = await this.sessions.find(token);
    // One answer for ended and for never there: nobody learns which tokens have been.
    if (!session) throw new AppError('unknown_connect_session_token', { message: 'The connect session has ended, or there was none with this token' });
    return session;
  }
}

/** @throws AppError `integration_not_allowed` */
export function requireAllowed({ details }: Pick<StoredConnectSession, 'details'>, integrationKey: string): void {
  if (allows(details, integrationKey)) return;
  throw new AppError('integration_not_allowed', { message: `This connect session is not for the integration '${integrationKey}'` });
}

/** Whether a session may connect to an integration; one that names none may connect to all. */
export function allows({ allowed_integrations }: StoredConnectSession['details'], integrationKey: string): boolean {
  return allowed_integrations === undefined || allowed_integrations.includes(integrationKey);
}
