import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, type BrowserConnectionQuery, type Connection, type EndUser, type Tags } from 'model';
import { ConnectAccess, requireAllowed } from '../connect/connect-access.service.js';
import type { StoredConnectSession } from '../connect/connect-session.repository.js';
import { mayNotReplace } from '../connection/connection-import.repository.js';
import { ConnectionService } from '../connection/connection.service.js';
import { ConnectSettingsService } from '../environment/connect-settings.service.js';
import { isConnectionHmac } from './connection-hmac.js';
import { PublicKeyRepository } from './public-key.repository.js';
import { queryGroup } from './query-groups.js';

/** What a browser may do: make or renew one connection of one integration. */
export type BrowserAccess = {
  environmentId: number;
  integrationKey: string;
  connectionId: string;
  /** Whether a connection of this name may be given another credential. */
  mayReplace: boolean;
  /** What the browser gives, beneath what the product has decided; of an existing connection, its own stays where neither says otherwise. */
  connectionConfig: Record<string, unknown>;
  tags?: Tags | undefined;
  endUser?: EndUser | undefined;
  /** What the product's backend decided about this integration. */
  decided: IntegrationDefaults;
};

type IntegrationDefaults = NonNullable<StoredConnectSession['details']['integrations_config_defaults']>[string];
type Asked = { integrationKey: string; query: BrowserConnectionQuery; params: Record<string, string> };

/** Lets browsers in: by the environment's public key, with an HMAC where the environment asks for one, or by a connect session. */
@Injectable()
export class BrowserAccessService {
  constructor(
    private readonly publicKeys: PublicKeyRepository,
    private readonly sessions: ConnectAccess,
    private readonly connections: ConnectionService,
    private readonly settings: ConnectSettingsService,
  ) {}

  /**
   * @param raw the whole query, for `params[name]=value`
   * @throws AppError by public key `unknown_account`, `missing_hmac`, `invalid_hmac`, `forbidden` where the connection is there already and may
   * not be replaced; by session `integration_not_allowed` and those of {@link ConnectAccess.sessionOf}
   */
  admit(integrationKey: string, query: BrowserConnectionQuery, raw: Record<string, unknown>): Promise<BrowserAccess> {
    const asked = { integrationKey, query, params: queryGroup(raw, 'params') };
    return query.connect_session_token === undefined ? this.byPublicKey(asked) : this.bySession(asked, query.connect_session_token);
  }

  private async byPublicKey({ integrationKey, query, params }: Asked): Promise<BrowserAccess> {
    const environmentId = await this.publicKeys.environmentOf(query.public_key ?? '');
    if (environmentId === null) throw new AppError('unknown_account', { message: 'There is no environment with this public key' });
    const mayReplace = await this.mayReplace(environmentId, integrationKey, query);
    const connectionId = query.connection_id ?? randomUUID();
    const before = query.connection_id === undefined ? null : await this.connections.find(environmentId, integrationKey, connectionId);
    if (before && !mayReplace) throw mayNotReplace(connectionId);
    return { environmentId, integrationKey, connectionId, mayReplace, connectionConfig: { ...before?.connection_config, ...params }, decided: {} };
  }

  /** @throws AppError `missing_hmac`, `invalid_hmac` */
  private async mayReplace(environmentId: number, integrationKey: string, { hmac, connection_id }: BrowserConnectionQuery): Promise<boolean> {
    const { hmac_enabled, hmac_key, public_key_may_reconnect } = await this.settings.read(environmentId);
    if (hmac_enabled && !hmac)
      throw new AppError('missing_hmac', { message: 'This environment asks for an HMAC: let your backend compute it and pass it as hmac' });
    if (!hmac || hmac_key === null) return public_key_may_reconnect;
    const isRight = isConnectionHmac(hmac, hmac_key, integrationKey, connection_id);
    if (isRight) return true;
    throw new AppError('invalid_hmac', { message: 'The HMAC is not that of this integration and connection id' });
  }

  // Who connects, and to which connection, was decided by the product's backend when it opened the session.
  private async bySession({ integrationKey, query, params }: Asked, token: string): Promise<BrowserAccess> {
    const session = await this.sessions.sessionOf(token);
    const { environmentId, details } = session;
    requireAllowed(session, integrationKey);
    if (query.connection_id !== undefined) throw new AppError('invalid_query_params', { message: 'connection_id: a connect session decides it, leave it out' });
    const before: Connection | null = session.connection && (await this.connections.requireById(environmentId, session.connection.id));
    const decided = details.integrations_config_defaults?.[integrationKey] ?? {};
    return {
      environmentId,
      integrationKey,
      connectionId: before?.connection_id ?? randomUUID(),
      mayReplace: true,
      connectionConfig: { ...before?.connection_config, ...params, ...decided.connection_config },
      tags: details.tags,
      endUser: endUserOf(details),
      decided,
    };
  }
}

function endUserOf({ end_user, organization }: StoredConnectSession['details']): EndUser | undefined {
  return end_user && { ...end_user, ...(organization ? { organization } : {}) };
}
