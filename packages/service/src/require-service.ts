import { type CanActivate, type ExecutionContext, Inject, Injectable, mixin, type Type } from '@nestjs/common';
import { AppError, type ServiceRole } from 'model';
import { bearerToken, verifyServiceToken } from './service-token.js';

/** Injection token of the internal key (`NANGO_INTERNAL_KEY`), which {@link requireService} needs. */
export const INTERNAL_KEY = Symbol('InternalKey');

/**
 * A guard for routes that only other processes of the platform call.
 * @example @UseGuards(requireService('runner'))
 * @throws AppError `unauthorized` without a valid service token, `forbidden` with another role's
 */
export function requireService(...roles: ServiceRole[]): Type<CanActivate> {
  @Injectable()
  class ServiceGuard implements CanActivate {
    constructor(@Inject(INTERNAL_KEY) private readonly internalKey: string) {}

    canActivate(context: ExecutionContext): boolean {
      const token = bearerToken(context.switchToHttp().getRequest<{ headers: { authorization?: string } }>().headers.authorization);
      const role = token ? verifyServiceToken(this.internalKey, token) : null;
      if (!role) throw new AppError('unauthorized', { message: 'A service token is required' });
      if (!roles.includes(role)) throw new AppError('forbidden', { message: `Not open to the role '${role}'` });
      return true;
    }
  }
  return mixin(ServiceGuard);
}
