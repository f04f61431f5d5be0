import { randomUUID } from 'node:crypto';
import type { Credentials } from 'model';
import type { ConnectionName } from '../refresh/connection-row.js';
import { sealCredentials } from '../vault/connection-credentials.js';
import type { SendForEnvironment } from '../refresh/credential-store.js';
import { purposes } from '../vault/purposes.js';
import { anEnvironment, insert, type TestVault } from './vault.js';

export type AConnection = ConnectionName & { id: number; integrationId: number };
type Options = { provider?: string; connectionConfig?: object; integration?: { environmentId: number; id: number } };

/** An OAuth 2.0 connection whose access token has expired, unless told otherwise. */
export async function aConnection(test: TestVault, credentials: Partial<Credentials> = {}, options: Options = {}): Promise<AConnection> {
  const { provider = 'github', connectionConfig = {} } = options;
  const { environmentId, id: integrationId } = options.integration ?? (await anIntegration(test, provider));
  const connectionId = randomUUID();
  const whole = {
    type: 'OAUTH2',
    access_token: 'access-0',
    refresh_token: 'refresh-0',
    expires_at: new Date(Date.now() - 1000),
    raw: {},
    ...credentials,
  } as Credentials;
  const id = await insert(
    test.pool,
    `insert into connection (environment_id, integration_id, connection_id, credentials, connection_config) values ($1, $2, $3, $4, $5) returning id`,
    [environmentId, integrationId, connectionId, await sealCredentials(test.vault, { environmentId, integrationId, connectionId }, whole), connectionConfig],
  );
  return { environmentId, providerConfigKey: provider, connectionId, id, integrationId };
}

export async function anIntegration(test: TestVault, provider = 'github'): Promise<{ environmentId: number; id: number }> {
  const environmentId = await anEnvironment(test.pool);
  const secret = await test.vault.sealText(environmentId, purposes.integrationClientSecret, 'client-secret');
  const id = await insert(
    test.pool,
    `insert into integration (environment_id, unique_key, provider, oauth_client_id, oauth_client_secret, oauth_scopes)
     values ($1, $2, $2, 'client-id', $3, 'a,b') returning id`,
    [environmentId, provider, secret],
  );
  return { environmentId, id };
}

type TokenCall = { url: string; form: Record<string, string> };
type Answer = { status: number; body: unknown; headers?: Record<string, string> };

/** The fields of a token request, whichever format the provider's entry names. */
export function fieldsOf(body: string): Record<string, string> {
  return body.startsWith('{') ? (JSON.parse(body) as Record<string, string>) : Object.fromEntries(new URLSearchParams(body)); // of texts alone
}

/** A token endpoint that rotates strictly: a refresh token works once, and never again. */
export class StrictProvider {
  calls: TokenCall[] = [];
  #issued = 0;

  constructor(private readonly options: { delayMs?: number; answer?: Answer } = {}) {}

  readonly send: SendForEnvironment = async (_, { url, body = '' }) => {
    const form = fieldsOf(body);
    this.calls.push({ url, form });
    const expected = `refresh-${this.#issued}`;
    if (this.options.delayMs) await new Promise((resolve) => setTimeout(resolve, this.options.delayMs));
    const { status, body: answer, headers = {} } = this.options.answer ?? this.#exchange(form['refresh_token'] ?? '', expected);
    return { status, headers, text: typeof answer === 'string' ? answer : JSON.stringify(answer) };
  };

  #exchange(refreshToken: string, expected: string): Answer {
    if (refreshToken !== expected) return { status: 400, body: { error: 'invalid_grant', error_description: `no such token ${refreshToken}` } };
    this.#issued++;
    return {
      status: 200,
      body: { access_token: `access-${this.#issued}`, refresh_token: `refresh-${this.#issued}`, expires_in: '3600', token_type: 'bearer' },
    };
  }
}
