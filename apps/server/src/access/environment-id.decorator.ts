import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { StoredConnectSession } from '../connect/connect-session.repository.js';

/** What a guard leaves on the request for the handlers behind it. */
export type GuardedRequest = { environmentId: number; connectSession?: StoredConnectSession };

/** The environment that the request may act in; the guard has put it there. */
export const EnvironmentId = createParamDecorator(
  (_: unknown, context: ExecutionContext): number => context.switchToHttp().getRequest<GuardedRequest>().environmentId,
);
