import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from 'model';
import { CONFIGURATION, type Configuration } from '../../configuration.js';

/** Refuses what another site's page might have sent with our user's cookie. */
@Injectable()
export class SameOriginGuard implements CanActivate {
  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers, method } = context.switchToHttp().getRequest<FastifyRequest>();
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') throw otherSite();
    if (headers.origin !== undefined && !this.isOwn(headers.origin, headers.host)) throw otherSite();
    // A form can send everything but this without asking us first.
    const isJson = (headers['content-type'] ?? '').startsWith('application/json');
    if (method !== 'GET' && method !== 'HEAD' && !isJson) throw new AppError('unsupported_media_type', { message: 'Send application/json' });
    return true;
  }

  private isOwn(origin: string, host: string | undefined): boolean {
    if (origin === new URL(this.configuration.serverUrl).origin) return true;
    return URL.canParse(origin) && new URL(origin).host === host;
  }
}

function otherSite(): AppError {
  return new AppError('forbidden', { message: 'Only the dashboard itself may ask this' });
}
