import { Injectable } from '@nestjs/common';
import { findMcpServer, registerMcpClient, type RegisteredClient } from 'authorization';
import { AppError, isAppError, type McpDiscovery, type McpDiscoveryRequest } from 'model';
import { failureOf } from '../call/outcome.js';
import { RegisteredClientRepository } from './registered-client.repository.js';
import { type OpenTokenContext, TokenContexts } from './token-contexts.service.js';

type Found = Awaited<ReturnType<typeof findMcpServer>>;

/** Finds where MCP servers let themselves be authorised, and registers a client there, once per integration and server. */
@Injectable()
export class McpAuthorizationService {
  constructor(
    private readonly contexts: TokenContexts,
    private readonly clients: RegisteredClientRepository,
  ) {}

  /** @throws AppError `token_request_failed`, `missing_api_url`, `url_not_allowed` */
  async discover(request: McpDiscoveryRequest): Promise<McpDiscovery> {
    const opened = await this.contexts.open(request);
    try {
      const found = await findMcpServer(opened.context);
      const { method, ...client } = await this.clientAt(opened, found, request);
      const { server, authorizationEndpoint, scopes, sendsIssuer } = found;
      const asked = opened.context.client.scopes.length > 0 ? opened.context.client.scopes : scopes;
      return { server: { ...server, token_endpoint_auth_method: method }, authorizationEndpoint, client, scopes: asked, sendsIssuer };
    } catch (error) {
      if (isAppError(error)) throw error;
      throw new AppError('token_request_failed', { message: `The MCP server could not be asked how it is authorised (${failureOf(error).message})` });
    }
  }

  private async clientAt({ integration, context }: OpenTokenContext, found: Found, request: McpDiscoveryRequest): Promise<RegisteredClient> {
    const { id, secret } = context.client;
    if (id !== '') return { client_id: id, ...(secret === '' ? {} : { client_secret: secret }), method: secret === '' ? 'none' : 'client_secret_basic' };
    const { environmentId, redirectUri, clientMetadataUrl: documentUrl } = request;
    const registration = { environmentId, integrationId: integration.id, issuer: found.server.issuer, redirectUri };
    const known = await this.clients.find(registration);
    if (known) return known;
    const metadata = { redirectUri, clientName: integration.displayName, documentUrl, scopes: found.scopes };
    return this.clients.add(registration, await registerMcpClient(context, found, metadata));
  }
}
