import { Body, Controller, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type AuthMode, type BrowserConnection, BrowserConnectionQuery, PastedCredential } from 'model';
import { Public } from '../access/public.decorator.js';
import { BrowserAccessService } from './browser-access.service.js';
import { BrowserAuthService } from './browser-auth.service.js';

/** Which auth modes each route is for (surface 5.1). Providers have moved from one mode to another over the eras, their clients have not. */
const modesByRoute: Record<string, AuthMode[]> = {
  'api-auth/api-key': ['API_KEY'],
  'api-auth/basic': ['BASIC'],
  'oauth2/auth': ['OAUTH2_CC'],
  'app-store-auth': ['APP_STORE', 'JWT'],
  'auth/tba': ['TBA'],
  'auth/tableau': ['TABLEAU', 'TWO_STEP'],
  'auth/jwt': ['JWT'],
  'auth/two-step': ['TWO_STEP'],
  'auth/signature': ['SIGNATURE'],
  'auth/bill': ['BILL'],
  'auth/aws-sigv4': ['AWS_SIGV4'],
  'auth/oauth-outbound': ['APP', 'CUSTOM'],
  'auth/unauthenticated': ['NONE'],
  unauth: ['NONE'],
};

/** Connections that end users make in a browser by pasting a credential, under the environment's public key or a connect session. */
@Public()
@Controller()
export class BrowserAuthController {
  constructor(
    private readonly access: BrowserAccessService,
    private readonly auth: BrowserAuthService,
  ) {}

  @Post(Object.keys(modesByRoute).map((route) => `${route}/:key`))
  @HttpCode(200)
  async connect(
    @Req() request: FastifyRequest,
    @Param('key') key: string,
    @Query({ schema: BrowserConnectionQuery }) query: BrowserConnectionQuery,
    @Query() raw: Record<string, unknown>,
    @Body({ schema: PastedCredential.nullish() }) credential?: PastedCredential | null,
  ): Promise<BrowserConnection> {
    const route = request.routeOptions.url?.replace(/^\//, '').replace(/\/:key$/, '') ?? '';
    return this.auth.connect(await this.access.admit(key, query, raw), modesByRoute[route] ?? [], credential ?? {});
  }
}
