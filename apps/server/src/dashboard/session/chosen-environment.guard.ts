import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from 'model';
import type { GuardedRequest } from '../../access/environment-id.decorator.js';
import type { SessionUser } from './session.repository.js';
import { SessionService } from './session.service.js';

type ChosenRequest = FastifyRequest<{ Querystring: { env?: unknown } }> & GuardedRequest & { user: SessionUser };

/** Looks up the environment that `?env=` names, among those of the signed-in user's account. */
@Injectable()
export class ChosenEnvironmentGuard implements CanActivate {
  constructor(private readonly sessions: SessionService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ChosenRequest>();
    const name = request.query.env;
    if (typeof name !== 'string' || name === '') throw new AppError('invalid_query_params', { message: 'env: names the environment' });
    const environmentId = await this.sessions.environmentId(request.user, name);
    if (environmentId === null) throw new AppError('not_found', { message: `There is no environment '${name}'` });
    request.environmentId = environmentId;
    return true;
  }
}
