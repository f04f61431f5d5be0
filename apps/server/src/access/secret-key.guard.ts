import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { connectSessionPrefix } from 'model';
import { ConnectAccess } from '../connect/connect-access.service.js';
import { bearerOf } from './bearer.js';
import { connectSessionAccess } from './connect-session.decorator.js';
import type { GuardedRequest } from './environment-id.decorator.js';
import { isPublic } from './public.decorator.js';
import { SecretKeyService } from './secret-key.service.js';

/** Lets a request in by its environment's secret key (surface 4.1), or by a connect session where the route says so. */
@Injectable()
export class SecretKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: SecretKeyService,
    private readonly connect: ConnectAccess,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(isPublic, places)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & GuardedRequest>();
    // Its controller belongs to the package `service`, which knows no decorator of ours.
    if (request.routeOptions.url === '/health') return true;
    const token = bearerOf(request.headers.authorization);
    const byConnectSession = this.reflector.getAllAndOverride<'also' | 'only' | undefined>(connectSessionAccess, places);
    if (byConnectSession === 'only' || (byConnectSession && token.startsWith(connectSessionPrefix))) await this.admitSession(request, token);
    else request.environmentId = await this.keys.environmentOf(token);
    return true;
  }

  private async admitSession(request: GuardedRequest, token: string): Promise<void> {
    const session = await this.connect.sessionOf(token);
    request.environmentId = session.environmentId;
    request.connectSession = session;
  }
}
