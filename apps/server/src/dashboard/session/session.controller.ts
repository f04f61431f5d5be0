import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type DashboardSession, SignIn } from 'model/dashboard';
import { Public } from '../../access/public.decorator.js';
import { CONFIGURATION, type Configuration } from '../../configuration.js';
import { SameOriginGuard } from './same-origin.guard.js';
import { cookieOptions, sessionCookie } from './session-cookie.js';
import { CurrentUser, SessionGuard } from './session.guard.js';
import type { SessionUser } from './session.repository.js';
import { sessionMs, SessionService } from './session.service.js';

@Public()
@UseGuards(SameOriginGuard)
@Controller('api/v1/session')
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  @Post()
  @HttpCode(200)
  async signIn(
    @Body({ schema: SignIn }) request: SignIn,
    @Req() { ip }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DashboardSession> {
    const { token, user } = await this.sessions.signIn(request, ip);
    reply.setCookie(sessionCookie, token, { ...cookieOptions(this.configuration.serverUrl), maxAge: sessionMs / 1_000 });
    return this.sessions.describe(user);
  }

  @Get()
  @UseGuards(SessionGuard)
  current(@CurrentUser() user: SessionUser): Promise<DashboardSession> {
    return this.sessions.describe(user);
  }

  @Delete()
  @HttpCode(204)
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = request.cookies[sessionCookie];
    if (token) await this.sessions.close(token);
    reply.clearCookie(sessionCookie, cookieOptions(this.configuration.serverUrl));
  }
}
