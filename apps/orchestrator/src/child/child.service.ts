import { Injectable } from '@nestjs/common';
import { ExecutionStore, type RunningExecution } from 'journal/postgres';
import { AppError, type ChildAnswer, type ChildRequest } from 'model';
import { ChildRepository } from './child.repository.js';

@Injectable()
export class ChildService {
  constructor(
    private readonly executions: ExecutionStore,
    private readonly actions: ChildRepository,
  ) {}

  /** Opens the run of an action that a script calls, on any connection of its environment. */
  async open(parent: RunningExecution, request: ChildRequest): Promise<ChildAnswer> {
    const { providerConfigKey, connectionId: connectionName, actionName, call, input } = request;
    const connectionId = await this.actions.findConnection(parent.environmentId, providerConfigKey, connectionName);
    if (connectionId === null) throw new AppError('unknown_connection', { message: `No connection '${connectionName}' for '${providerConfigKey}'` });
    const action = await this.actions.findAction(parent.environmentId, providerConfigKey, actionName);
    if (!action) throw new AppError('not_found', { message: `No action '${actionName}' for '${providerConfigKey}'` });
    if (!action.enabled) throw new AppError('disabled_resource', { message: `The action '${actionName}' is disabled` });
    return this.executions.openChild(parent, { call, connectionId, scriptVersionId: action.versionId, input });
  }
}
