import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from 'model';
import { sessionCookie } from './session-cookie.js';
import type { SessionUser } from './session.repository.js';
import { SessionService } from './session.service.js';

type SessionRequest = FastifyRequest & { user: SessionUser };

/** Lets in whoever is signed in to the dashboard. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly sessions: SessionService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<SessionRequest>();
    const token = request.cookies[sessionCookie];
    const user = token ? await this.sessions.userOf(token) : null;
    if (!user) throw new AppError('unauthorized', { message: 'Nobody is signed in' });
    request.user = user;
    return true;
  }
}

/** The user that {@link SessionGuard} let in. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): SessionUser => context.switchToHttp().getRequest<SessionRequest>().user,
);
