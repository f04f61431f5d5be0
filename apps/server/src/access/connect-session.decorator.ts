import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { StoredConnectSession } from '../connect/connect-session.repository.js';
import type { GuardedRequest } from './environment-id.decorator.js';

export const connectSessionAccess = Symbol('connectSessionAccess');

/** Lets requests in by the token of a connect session, beside the secret key (`also`) or instead of it (`only`). */
export const ConnectSessionAccess = (access: 'also' | 'only') => SetMetadata(connectSessionAccess, access);

/** The session that the request came in by; nothing where it came by a secret key. */
export const CurrentConnectSession = createParamDecorator(
  (_: unknown, context: ExecutionContext): StoredConnectSession | undefined => context.switchToHttp().getRequest<GuardedRequest>().connectSession,
);
