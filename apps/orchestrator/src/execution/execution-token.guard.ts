import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ExecutionStore, type RunningExecution } from 'journal/postgres';
import { AppError } from 'model';
import { bearerToken } from 'service';

type Request = { headers: { authorization?: string }; execution?: RunningExecution };

/** Opens a route to the token of an execution that has ended, too. */
export const AlsoEnded = Reflector.createDecorator<boolean>();

/** Opens a controller to execution tokens. 401 for none that is known; `execution_fenced` for one whose execution has ended. */
@Injectable()
export class ExecutionTokenGuard implements CanActivate {
  constructor(
    private readonly executions: ExecutionStore,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const token = bearerToken(request.headers.authorization);
    const execution = token ? await this.executions.resolveEnded(token) : null;
    if (!execution) throw new AppError('unauthorized', { message: 'A token of a running execution is required' });
    const isOpen = execution.status === 'running' || this.reflector.get(AlsoEnded, context.getHandler());
    if (!isOpen) throw new AppError('execution_fenced', { message: 'This execution has ended' });
    request.execution = execution;
    return true;
  }
}

/** The execution that the request's token speaks for. */
export const Running = createParamDecorator((_: unknown, context: ExecutionContext): RunningExecution => {
  const { execution } = context.switchToHttp().getRequest<Request>();
  if (!execution) throw new Error('@Running() stands on a route without ExecutionTokenGuard');
  return execution;
});
