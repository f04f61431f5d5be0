import { randomUUID } from 'node:crypto';
import type { Credentials } from 'model';
import { type ConnectionName, sealCredentials } from '../refresh/connection-row.js';
import type { RequestToken, TokenAnswer, TokenRequest } from '../refresh/token-request.js';
import { purposes } from '../vault/purposes.js';
import { anEnvironment, insert, type TestVault } from './vault.js';

/** An OAuth 2.0 connection whose access token has expired, unless told otherwise. */
export async function aConnection(test: TestVault, credentials: Partial<Credentials> = {}): Promise<ConnectionName & { id: number }> {
  const environmentId = await anEnvironment(test.pool);
  const secret = await test.vault.sealText(environmentId, purposes.integrationClientSecret, 'client-secret');
  const integration = await insert(
    test.pool,
    `insert into integration (environment_id, unique_key, provider, oauth_client_id, oauth_client_secret) values ($1, 'github', 'github', 'client-id', $2) returning id`,
    [environmentId, secret],
  );
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
    `insert into connection (environment_id, integration_id, connection_id, credentials) values ($1, $2, $3, $4) returning id`,
    [environmentId, integration, connectionId, await sealCredentials(test.vault, environmentId, whole)],
  );
  return { environmentId, providerConfigKey: 'github', connectionId, id };
}

/** A token endpoint that rotates strictly: a refresh token works once, and never again. */
export class StrictProvider {
  calls: TokenRequest[] = [];
  #issued = 0;

  constructor(private readonly options: { delayMs?: number; answer?: TokenAnswer } = {}) {}

  readonly request: RequestToken = async (request) => {
    this.calls.push(request);
    const expected = `refresh-${this.#issued}`;
    if (this.options.delayMs) await new Promise((resolve) => setTimeout(resolve, this.options.delayMs));
    if (this.options.answer) return this.options.answer;
    if (request.refreshToken !== expected) return { status: 400, body: { error: 'invalid_grant', error_description: `no such token ${request.refreshToken}` } };
    this.#issued++;
    return {
      status: 200,
      body: { access_token: `access-${this.#issued}`, refresh_token: `refresh-${this.#issued}`, expires_in: '3600', token_type: 'bearer' },
    };
  };
}
