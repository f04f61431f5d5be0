import type { Readable } from 'node:stream';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  AppError,
  Authorization,
  type AuthorizationRequest,
  type ConnectionRequest,
  ErrorBody,
  type ErrorCode,
  isErrorCode,
  McpDiscovery,
  type McpDiscoveryRequest,
  OAuth1RequestToken,
  type RequestTokenRequest,
  Revocation,
  type RevocationRequest,
} from 'model';
import { serviceToken } from 'service';
import { type Dispatcher, Pool } from 'undici';
import { CONFIGURATION, type Configuration } from '../configuration.js';

/** A request to hand on as it is. Headers alternate between names and values. */
export type PassedRequest = { method: string; path: string; headers: string[]; body: Readable | null };

/** The server's way to the proxy, the one process with a socket to the outside. */
@Injectable()
export class ProxyClient implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly token: string;

  constructor(@Inject(CONFIGURATION) configuration: Configuration) {
    // No timeouts here: the proxy knows what each call may take, and answers when it is over.
    this.pool = new Pool(configuration.proxyUrl, { headersTimeout: 0, bodyTimeout: 0 });
    this.token = serviceToken(configuration.internalKey, 'server');
  }

  /** A connection with its fresh credential, as the proxy tells it. @throws AppError as the proxy refused it */
  connection(request: Partial<ConnectionRequest>): Promise<unknown> {
    return this.post('/internal/connections', request);
  }

  /** A credential for what the end user or the provider gave. @throws AppError as the proxy refused it */
  async authorize(request: AuthorizationRequest): Promise<Authorization> {
    return Authorization.parse(await this.post('/internal/authorizations', request));
  }

  /** The first step of OAuth 1.0. */
  async requestToken(request: RequestTokenRequest): Promise<OAuth1RequestToken> {
    return OAuth1RequestToken.parse(await this.post('/internal/authorizations/request-token', request));
  }

  /** Where an MCP server lets itself be authorised, and the client that is registered there. */
  async discoverMcp(request: McpDiscoveryRequest): Promise<McpDiscovery> {
    return McpDiscovery.parse(await this.post('/internal/authorizations/mcp', request));
  }

  /** Gives a credential back to its provider. */
  async revoke(request: RevocationRequest): Promise<Revocation> {
    return Revocation.parse(await this.post('/internal/revocations', request));
  }

  private async post(path: string, request: object): Promise<unknown> {
    const { statusCode, body } = await this.send({
      method: 'POST',
      path,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    const answer: unknown = await body.json().catch(() => undefined);
    if (statusCode === 200) return answer;
    throw refusal(statusCode, answer);
  }

  /** Sends a request and tells the handler of its answer as it comes. */
  dispatch({ method, ...request }: PassedRequest, handler: Dispatcher.DispatchHandler): void {
    this.pool.dispatch({ ...request, method: method as Dispatcher.HttpMethod }, handler);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }

  private async send(request: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    try {
      return await this.pool.request(request);
    } catch (cause) {
      throw new AppError('service_unavailable', { message: 'The proxy does not answer', cause });
    }
  }
}

function refusal(status: number, answer: unknown): AppError {
  const parsed = ErrorBody.safeParse(answer);
  const code: ErrorCode = parsed.success && isErrorCode(parsed.data.error.code) ? parsed.data.error.code : 'server_error';
  const { message, payload } = parsed.success ? parsed.data.error : {};
  return new AppError(code, { ...(message === undefined ? {} : { message }), payload, ...(code === 'server_error' ? {} : { status }) });
}
