import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { NewConnectSession, NewReconnectSession, type OpenedConnectSession } from 'model';
import type { ConnectSession } from 'model/connect';
import { bearerOf } from '../access/bearer.js';
import { ConnectSessionAccess, CurrentConnectSession } from '../access/connect-session.decorator.js';
import { Public } from '../access/public.decorator.js';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { ConnectSettingsService } from '../environment/connect-settings.service.js';
import { toConnectSession } from './connect-session.answer.js';
import type { StoredConnectSession } from './connect-session.repository.js';
import { ConnectSessionService } from './connect-session.service.js';

@Controller('connect')
export class ConnectSessionController {
  constructor(
    private readonly sessions: ConnectSessionService,
    private readonly settings: ConnectSettingsService,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Where the hosted connect page is: browser clients ask before they frame it. */
  @Get('config')
  @Public()
  config(): { connectUrl: string } {
    return { connectUrl: this.configuration.connectUrl };
  }

  @Post('sessions')
  @HttpCode(201)
  async open(@EnvironmentId() environmentId: number, @Body({ schema: NewConnectSession }) request: NewConnectSession): Promise<{ data: OpenedConnectSession }> {
    return { data: await this.sessions.open(environmentId, request) };
  }

  @Post('sessions/reconnect')
  @HttpCode(201)
  async reopen(
    @EnvironmentId() environmentId: number,
    @Body({ schema: NewReconnectSession }) request: NewReconnectSession,
  ): Promise<{ data: OpenedConnectSession }> {
    return { data: await this.sessions.reopen(environmentId, request) };
  }

  @Get('session')
  @ConnectSessionAccess('only')
  async get(@CurrentConnectSession() session: StoredConnectSession): Promise<{ data: ConnectSession }> {
    const { connect_theme } = await this.settings.read(session.environmentId);
    return { data: toConnectSession(session, connect_theme) };
  }

  @Delete('session')
  @ConnectSessionAccess('only')
  @HttpCode(204)
  close(@EnvironmentId() environmentId: number, @Headers('authorization') authorization: string): Promise<void> {
    return this.sessions.close(environmentId, bearerOf(authorization));
  }
}
