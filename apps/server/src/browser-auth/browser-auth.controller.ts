import { Body, Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { type BrowserConnection, BrowserConnectionQuery, PastedApiKey, PastedBasic } from 'model';
import { Public } from '../access/public.decorator.js';
import { BrowserAuthService } from './browser-auth.service.js';

/** Connections that end users make in a browser by pasting a credential (surface 5.1), under the environment's public key or a connect session. */
@Public()
@Controller()
export class BrowserAuthController {
  constructor(private readonly auth: BrowserAuthService) {}

  @Post('api-auth/api-key/:key')
  @HttpCode(200)
  apiKey(
    @Param('key') key: string,
    @Query({ schema: BrowserConnectionQuery }) query: BrowserConnectionQuery,
    @Query() raw: Record<string, unknown>,
    @Body({ schema: PastedApiKey }) { apiKey }: PastedApiKey,
  ): Promise<BrowserConnection> {
    return this.auth.connect(key, query, raw, { type: 'API_KEY', apiKey });
  }

  @Post('api-auth/basic/:key')
  @HttpCode(200)
  basic(
    @Param('key') key: string,
    @Query({ schema: BrowserConnectionQuery }) query: BrowserConnectionQuery,
    @Query() raw: Record<string, unknown>,
    @Body({ schema: PastedBasic }) { username, password }: PastedBasic,
  ): Promise<BrowserConnection> {
    return this.auth.connect(key, query, raw, { type: 'BASIC', username, password });
  }

  @Post(['auth/unauthenticated/:key', 'unauth/:key'])
  @HttpCode(200)
  none(
    @Param('key') key: string,
    @Query({ schema: BrowserConnectionQuery }) query: BrowserConnectionQuery,
    @Query() raw: Record<string, unknown>,
  ): Promise<BrowserConnection> {
    return this.auth.connect(key, query, raw, { type: 'NONE' });
  }
}
