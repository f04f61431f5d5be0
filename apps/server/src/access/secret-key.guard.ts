import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AppError } from 'model';
import type { GuardedRequest } from './environment-id.decorator.js';
import { isPublic } from './public.decorator.js';
import { SecretKeyService } from './secret-key.service.js';

/** Lets a request in by its environment's secret key (surface 4.1). */
@Injectable()
export class SecretKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: SecretKeyService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean | undefined>(isPublic, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & GuardedRequest>();
    // Its controller belongs to the package `service`, which knows no decorator of ours.
    if (request.routeOptions.url === '/health') return true;
    request.environmentId = await this.keys.environmentOf(bearerOf(request.headers.authorization));
    return true;
  }
}

function bearerOf(header: string | undefined): string {
  if (!header) throw new AppError('missing_auth_header', { message: 'Authentication failed. The request is missing the Authorization header.' });
  const token = /^Bearer +(\S+)$/i.exec(header.trim())?.[1];
  if (!token) throw new AppError('malformed_auth_header', { message: 'Authentication failed. The Authorization header must read "Bearer <secret key>".' });
  return token;
}
