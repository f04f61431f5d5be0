import { Injectable } from '@nestjs/common';
import { CallJournal, ExecutionStore, type RunningExecution } from 'journal/postgres';
import { AppError, type ChildAnswer, type ChildRequest } from 'model';
import { ChildRepository } from './child.repository.js';

/** Whom a call of an action is for, and which version of it runs. */
type ChildTarget = { connectionId: number; scriptVersionId: number };

@Injectable()
export class ChildService {
  constructor(
    private readonly executions: ExecutionStore,
    private readonly actions: ChildRepository,
    private readonly journal: CallJournal,
  ) {}

  /** Opens the run of an action that a script calls, on any connection of its environment. */
  async open(parent: RunningExecution, request: ChildRequest): Promise<ChildAnswer> {
    const { call, tape, input } = request;
    // Which action it is, or why there is none, is the same for a parent that is run again.
    const target = await this.journal.once(parent, { call: `target:${call}`, tape }, () => this.targetOf(parent, request));
    return this.executions.openChild(parent, { call, ...(target as ChildTarget), input }); // what targetOf answered, then or now
  }

  private async targetOf(parent: RunningExecution, { providerConfigKey, connectionId: connectionName, actionName }: ChildRequest): Promise<ChildTarget> {
    const connectionId = await this.actions.findConnection(parent.environmentId, providerConfigKey, connectionName);
    if (connectionId === null) throw new AppError('unknown_connection', { message: `No connection '${connectionName}' for '${providerConfigKey}'` });
    const action = await this.actions.findAction(parent.environmentId, providerConfigKey, actionName);
    if (!action) throw new AppError('not_found', { message: `No action '${actionName}' for '${providerConfigKey}'` });
    if (!action.enabled) throw new AppError('disabled_resource', { message: `The action '${actionName}' is disabled` });
    return { connectionId, scriptVersionId: action.versionId };
  }
}
