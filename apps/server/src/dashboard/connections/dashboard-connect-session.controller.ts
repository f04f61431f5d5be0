import { Body, HttpCode, Param, Post } from '@nestjs/common';
import { NewConnectSession } from 'model';
import type { DashboardConnectSession } from 'model/dashboard';
import { EnvironmentId } from '../../access/environment-id.decorator.js';
import { DashboardController } from '../session/dashboard-route.decorator.js';
import { ConnectionNumber } from './connection-number.js';
import { DashboardConnectSessionService } from './dashboard-connect-session.service.js';

/** Connect sessions that the dashboard opens to show the hosted page itself. */
@DashboardController('')
export class DashboardConnectSessionController {
  constructor(private readonly sessions: DashboardConnectSessionService) {}

  @Post('connect-sessions')
  @HttpCode(201)
  open(@EnvironmentId() environmentId: number, @Body({ schema: NewConnectSession }) request: NewConnectSession): Promise<DashboardConnectSession> {
    return this.sessions.open(environmentId, request);
  }

  @Post('connections/:id/reconnect-session')
  @HttpCode(201)
  reopen(@EnvironmentId() environmentId: number, @Param('id', { schema: ConnectionNumber }) id: number): Promise<DashboardConnectSession> {
    return this.sessions.reopen(environmentId, id);
  }
}
