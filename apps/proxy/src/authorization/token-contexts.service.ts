import { performance } from 'node:perf_hooks';
import { Inject, Injectable } from '@nestjs/common';
import type { SendTokenRequest, TokenContext } from 'authorization';
import type { SendForEnvironment } from 'credentials';
import { AppError, type AuthorizationExchange, type ClientOverride } from 'model';
import { findProvider, integrationProvider } from 'providers';
import { SEND_TOKEN_REQUEST } from '../tokens.js';
import { type ConfiguredIntegration, IntegrationRepository } from './integration.repository.js';

/** For which integration and connection a token is asked for. */
export type TokenPlace = { environmentId: number; providerConfigKey: string; connectionConfig: Record<string, unknown>; client?: ClientOverride | undefined };

/** What a token is asked for with, and a record of what went over the wire meanwhile. */
export type OpenTokenContext = { integration: ConfiguredIntegration; context: TokenContext; exchanges: AuthorizationExchange[] };

const timeoutMs = 15_000;

/** Makes the contexts in which tokens are asked for. */
@Injectable()
export class TokenContexts {
  constructor(
    private readonly integrations: IntegrationRepository,
    @Inject(SEND_TOKEN_REQUEST) private readonly send: SendForEnvironment,
  ) {}

  /** @throws AppError `unknown_provider_config`, `unknown_provider_template_in_config` */
  async open({ environmentId, providerConfigKey, connectionConfig, client: own }: TokenPlace): Promise<OpenTokenContext> {
    const integration = await this.integrations.find(environmentId, providerConfigKey);
    const entry = findProvider(integration.provider);
    if (!entry) throw new AppError('unknown_provider_template_in_config', { message: `The catalogue has no provider '${integration.provider}'` });
    const exchanges: AuthorizationExchange[] = [];
    const client = own?.client_id
      ? { ...integration.client, id: own.client_id, secret: own.client_secret ?? '', previousSecret: undefined }
      : integration.client;
    const send = noted(exchanges, (request) => this.send(environmentId, request, AbortSignal.timeout(timeoutMs)));
    return { integration, exchanges, context: { provider: integrationProvider(entry, integration.config), connectionConfig, client, send } };
  }
}

/** Notes each request without its query, headers and body: those may hold secrets. */
function noted(exchanges: AuthorizationExchange[], send: SendTokenRequest): SendTokenRequest {
  return async (request) => {
    const startedAt = performance.now();
    const [url = ''] = request.url.split('?', 1);
    const note = (status: number | null, problem?: string): void =>
      void exchanges.push({ method: request.method, url, status, ms: Math.round(performance.now() - startedAt), ...(problem ? { problem } : {}) });
    try {
      const response = await send(request);
      note(response.status);
      return response;
    } catch (error) {
      note(null, 'no answer');
      throw error;
    }
  };
}
