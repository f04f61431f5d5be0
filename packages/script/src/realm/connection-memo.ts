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
    return this.#remember(key, await this.#ask(argumentsOf(providerConfigKey, connectionId, options)));
  }

  /** The metadata of the run's own connection. A dry run may have some of its own, which the connection itself does not show. */
  async metadata(): Promise<Record<string, unknown>> {
    if (!this.#run.dryRun) return (await this.get()).metadata ?? {};
    const known = this.#known.get('metadata');
    const { metadata } = known && known.until > this.#run.now() ? known.connection : this.#remember('metadata', await this.#ask({ forMetadata: true }));
    return metadata ?? {};
  }

  forget(): void {
    this.#known.clear();
  }

  #remember(key: string, connection: ScriptConnection): ScriptConnection {
    this.#known.set(key, { connection, until: this.#run.now() + memoMs });
    return connection;
  }

  async #ask(args: object): Promise<ScriptConnection> {
    const answer = await this.#run.bridge.call({ method: 'connection', args });
    // The proxy answers the model's ConnectionWithCredentials.
    return answer.value as ScriptConnection;
  }
}

function argumentsOf(providerConfigKey?: string, connectionId?: string, options?: Options): object {
  const forceRefresh = options?.forceRefresh === true || options?.refreshGithubAppJwtToken === true;
  return { ...(providerConfigKey ? { providerConfigKey } : {}), ...(connectionId ? { connectionId } : {}), ...(forceRefresh ? { forceRefresh } : {}) };
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
