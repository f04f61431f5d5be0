import { Controller, Get, Header, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, BrowserConnectionQuery, type OAuthMessage, type OAuthProgress } from 'model';
import { z } from 'zod';
import { Public } from '../access/public.decorator.js';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { bindingCookie, underOwnName } from './browser-binding.js';
import { sendClosingPage } from './closing-page.js';
import { OAuthCallbackService } from './oauth-callback.service.js';
import { OAuthConnectService } from './oauth-connect.service.js';
import { OAuthFlowError, toOAuthFlowError } from './oauth-error.js';
import { OAuthFlows } from './oauth-flows.service.js';
import { OAuthSockets } from './oauth-sockets.repository.js';

type RawQuery = Record<string, unknown>;
const Id = z.uuid();

/** The popup's way to a provider and back (surface 5.1, 5.3). Everything is answered as a page: a person looks at it. */
@Public()
@Controller()
export class OAuthController {
  constructor(
    private readonly departures: OAuthConnectService,
    private readonly callbacks: OAuthCallbackService,
    private readonly flows: OAuthFlows,
    private readonly sockets: OAuthSockets,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  @Get('oauth/connect/:key')
  async connect(@Req() request: FastifyRequest, @Param('key') integrationKey: string, @Query() raw: RawQuery, @Res() reply: FastifyReply): Promise<void> {
    const elsewhere = underOwnName(this.configuration.serverUrl, request.headers.host, request.url);
    if (elsewhere) return void reply.redirect(elsewhere, 302);
    let isAdmitted = false;
    try {
      const asked = { integrationKey, query: parsed(raw), raw };
      const access = await this.departures.admit(asked);
      isAdmitted = true;
      const { url, cookie } = await this.departures.depart(asked, access);
      void reply
        .setCookie(cookie.name, cookie.value, cookie.options)
        .header('referrer-policy', 'no-referrer')
        .header('cache-control', 'no-store')
        .redirect(url, 302);
    } catch (thrown) {
      const wsClientId = Id.safeParse(raw['ws_client_id']).data;
      const message = failureOf(thrown, integrationKey, raw);
      // What anybody may cause is written down nowhere.
      if (isAdmitted) await this.flows.tell(wsClientId, message).catch(() => undefined);
      else if (wsClientId !== undefined) this.sockets.tellHere(wsClientId, message);
      sendClosingPage(reply, { message, wsClientId });
    }
  }

  @Get(['oauth/callback', 'oauth/callback/:key', 'app-auth/connect'])
  async callback(@Req() request: FastifyRequest, @Query() raw: RawQuery, @Res() reply: FastifyReply, @Param('key') integrationKey?: string): Promise<void> {
    const query = Object.fromEntries(Object.entries(raw).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
    const cookieName = (id: string): string => bindingCookie(this.configuration.serverUrl, id).name;
    try {
      const ended = await this.callbacks.arrive({ query, integrationKey, cookieOf: ({ id }) => request.cookies[cookieName(id)] });
      sendClosingPage(reply, ended);
    } catch (thrown) {
      sendClosingPage(reply, { message: failureOf(thrown, integrationKey ?? null, {}) });
    }
  }

  /** How a flow stands, for browsers whose socket or popup was lost. */
  @Get('oauth/session/:id')
  @Header('cache-control', 'no-store')
  progress(@Param('id') id: string): Promise<OAuthProgress> {
    if (!Id.safeParse(id).success) throw new AppError('not_found', { message: 'There is no such flow' });
    return this.flows.progress(id);
  }
}

/** The query, checked as every browser route's. */
function parsed(raw: RawQuery): BrowserConnectionQuery {
  const query = BrowserConnectionQuery.safeParse(raw);
  if (query.success) return query.data;
  const [problem] = query.error.issues;
  throw new OAuthFlowError(
    'url_param_err',
    `The address of this page is not right: ${[problem?.path.join('.'), problem?.message].filter(Boolean).join(': ')}.`,
  );
}

function failureOf(thrown: unknown, integrationKey: string | null, { connection_id: connectionId }: RawQuery): OAuthMessage {
  const { type, message } = toOAuthFlowError(thrown);
  return {
    message_type: 'error',
    provider_config_key: integrationKey,
    connection_id: typeof connectionId === 'string' ? connectionId : null,
    error_type: type,
    error_desc: message,
  };
}
