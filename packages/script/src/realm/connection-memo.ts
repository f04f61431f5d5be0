import type { Run } from './run.js';

const memoMs = 60_000;

type Options = { refreshToken?: boolean; forceRefresh?: boolean; refreshGithubAppJwtToken?: boolean };
export type ScriptConnection = { connection_id: string; metadata?: Record<string, unknown> | null; credentials: Record<string, unknown> & { type?: string } };

/** Connections a script has read, remembered for a minute. */
export class ConnectionMemo {
  readonly #run: Run;
  readonly #known = new Map<string, { connection: ScriptConnection; until: number }>();

  constructor(run: Run) {
    this.#run = run;
  }

  /** Asking for a refresh passes the memo by. */
  async get(providerConfigKey?: string, connectionId?: string, options?: Options): Promise<ScriptConnection> {
    const { context, now } = this.#run;
    const key = JSON.stringify([providerConfigKey || context.providerConfigKey, connectionId || context.connectionId]);
    const known = this.#known.get(key);
    if (known && known.until > now() && !options) return known.connection;
    const connection = await this.#ask(providerConfigKey, connectionId, options);
    this.#known.set(key, { connection, until: now() + memoMs });
    return connection;
  }

  forget(): void {
    this.#known.clear();
  }

  async #ask(providerConfigKey?: string, connectionId?: string, options?: Options): Promise<ScriptConnection> {
    const forceRefresh = options?.forceRefresh === true || options?.refreshGithubAppJwtToken === true;
    const args = { ...(providerConfigKey ? { providerConfigKey } : {}), ...(connectionId ? { connectionId } : {}), ...(forceRefresh ? { forceRefresh } : {}) };
    const answer = await this.#run.bridge.call({ method: 'connection', args });
    // The proxy answers the model's ConnectionWithCredentials.
    return answer.value as ScriptConnection;
  }
}

/** What `nango.getToken()` gives for a connection's kind of credential (surface 1.2). */
export function tokenOf({ credentials }: ScriptConnection): unknown {
  switch (credentials.type) {
    case 'OAUTH2':
    case 'APP':
    case 'APP_STORE':
      return credentials['access_token'];
    case 'OAUTH2_CC':
    case 'TABLEAU':
    case 'JWT':
    case 'SIGNATURE':
    case 'BILL':
    case 'TWO_STEP':
      return credentials['token'];
    case 'OAUTH1':
      return { oAuthToken: credentials['oauth_token'], oAuthTokenSecret: credentials['oauth_token_secret'] };
    default:
      return credentials;
  }
}
