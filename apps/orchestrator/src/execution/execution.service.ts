import { Injectable } from '@nestjs/common';
import { ExecutionStore, type RunningExecution } from 'journal/postgres';
import { AppError, type BeginAnswer, type BeginRequest, limitsOf } from 'model';
import { findProvider } from 'providers';
import { FinishService } from '../finish/finish.service.js';
import { ExecutionRepository, type ScriptOfExecution } from './execution.repository.js';

@Injectable()
export class ExecutionService {
  constructor(
    private readonly executions: ExecutionStore,
    private readonly scripts: ExecutionRepository,
    private readonly finishes: FinishService,
  ) {}

  async begin(executionId: string, request: BeginRequest): Promise<BeginAnswer> {
    const beginning = await this.executions.begin(executionId, request);
    if (beginning.kind === 'over') return beginning;
    if (beginning.kind === 'interrupted') return { kind: 'over', status: (await this.finishes.interrupt(beginning.execution)).status };
    const { execution, token, input } = beginning;
    const script = await this.scripts.script(execution);
    if (!script) throw new AppError('unknown_execution', { message: 'Its script or connection is gone' });
    const { bundleHash, limits, jailReuse } = script;
    return {
      kind: 'run',
      token,
      generation: execution.generation,
      bundleHash,
      context: contextOf(execution, script),
      input,
      limits: limitsOf(execution.kind, limits),
      jailReuse,
    };
  }

  async bundle(execution: RunningExecution): Promise<string> {
    const code = await this.scripts.bundle(execution);
    if (code === null) throw new AppError('not_found', { message: 'The bundle of this script version is gone' });
    return code;
  }
}

function contextOf(execution: RunningExecution, script: ScriptOfExecution): Extract<BeginAnswer, { kind: 'run' }>['context'] {
  const { executionId, operationId, kind, environmentId, syncId, connectionId, connectionName, providerConfigKey } = execution;
  const { environmentName, provider, variant, scriptName, models, trackDeletes, attributes, lastSyncDate } = script;
  return {
    executionId,
    operationId,
    kind,
    environmentId,
    environmentName,
    connectionId: connectionName,
    providerConfigKey,
    provider,
    nangoConnectionId: connectionId,
    syncId,
    variant,
    scriptName,
    models,
    trackDeletes,
    attributes,
    lastSyncDate: lastSyncDate?.toISOString() ?? null,
    entry: kind === 'webhook' ? 'onWebhookPayloadReceived' : 'default',
    providerPagination: findProvider(provider)?.proxy?.paginate ?? null,
  };
}
