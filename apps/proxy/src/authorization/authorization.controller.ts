import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { requestOAuth1Token } from 'authorization';
import {
  type Authorization,
  AuthorizationRequest,
  type McpDiscovery,
  McpDiscoveryRequest,
  type OAuth1RequestToken,
  RequestTokenRequest,
  type Revocation,
  RevocationRequest,
} from 'model';
import { requireService } from 'service';
import { AuthorizationService } from './authorization.service.js';
import { McpAuthorizationService } from './mcp-authorization.service.js';
import { RevocationService } from './revocation.service.js';
import { TokenContexts } from './token-contexts.service.js';

/** Token endpoints, reached for the server: this process alone has a way out. */
@Controller('internal')
@UseGuards(requireService('server'))
export class AuthorizationController {
  constructor(
    private readonly authorizations: AuthorizationService,
    private readonly contexts: TokenContexts,
    private readonly mcp: McpAuthorizationService,
    private readonly revocations: RevocationService,
  ) {}

  @Post('authorizations')
  @HttpCode(200)
  authorize(@Body({ schema: AuthorizationRequest }) request: AuthorizationRequest): Promise<Authorization> {
    return this.authorizations.authorize(request);
  }

  @Post('authorizations/request-token')
  @HttpCode(200)
  async requestToken(@Body({ schema: RequestTokenRequest }) request: RequestTokenRequest): Promise<OAuth1RequestToken> {
    const { context } = await this.contexts.open(request);
    return requestOAuth1Token(context, request.callbackUrl);
  }

  @Post('authorizations/mcp')
  @HttpCode(200)
  discoverMcp(@Body({ schema: McpDiscoveryRequest }) request: McpDiscoveryRequest): Promise<McpDiscovery> {
    return this.mcp.discover(request);
  }

  @Post('revocations')
  @HttpCode(200)
  revoke(@Body({ schema: RevocationRequest }) request: RevocationRequest): Promise<Revocation> {
    return this.revocations.revoke(request);
  }
}
