import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** What a guard leaves on the request for the handlers behind it. */
export type GuardedRequest = { environmentId: number };

/** The environment that the request may act in; the guard has put it there. */
export const EnvironmentId = createParamDecorator(
  (_: unknown, context: ExecutionContext): number => context.switchToHttp().getRequest<GuardedRequest>().environmentId,
);
