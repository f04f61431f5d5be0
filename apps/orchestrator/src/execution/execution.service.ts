import { Injectable } from '@nestjs/common';
import { ExecutionStore, type RunningExecution } from 'journal/postgres';
import { AppError, type BeginAnswer, type BeginRequest, limitsOf } from 'model';
import { findProvider } from 'providers';
import { FinishService } from '../finish/finish.service.js';
import { ValidationService } from '../validation/validation.service.js';
import { ExecutionRepository, type ScriptOfExecution } from './execution.repository.js';

@Injectable()
export class ExecutionService {
  constructor(
    private readonly executions: ExecutionStore,
    private readonly scripts: ExecutionRepository,
    private readonly finishes: FinishService,
    private readonly validation: ValidationService,
  ) {}

  async begin(executionId: string, request: BeginRequest): Promise<BeginAnswer> {
    const beginning = await this.executions.begin(executionId, request);
    if (beginning.kind === 'over') return beginning;
    const { execution, token, input, resumes } = beginning;
    const script = await this.scripts.script(execution);
    if (!script) throw new AppError('unknown_execution', { message: 'Its script or connection is gone' });
    const rules = this.validation.learn(execution, script.rules);
    const invalid = await this.validation.checkInput(execution, input);
    if (invalid) return { kind: 'over', status: (await this.finishes.refuse(execution, invalid)).status };
    const { bundleHash, logLines, limits, jailReuse } = script;
    return {
      kind: 'run',
      token,
      generation: execution.generation,
      bundleHash,
      context: { ...contextOf(execution, script), refusesInvalidRecords: rules.refuseRecords },
      input,
      limits: limitsOf(execution.kind, limits),
      jailReuse,
      resumes,
      logLines,
    };
  }
}

function contextOf(execution: RunningExecution, script: ScriptOfExecution): Extract<BeginAnswer, { kind: 'run' }>['context'] {
  const { executionId, operationId, kind, environmentId, syncId, connectionId, connectionName, providerConfigKey } = execution;
  const { environmentName, accountId, emptyCache, provider, variant, scriptName, models, trackDeletes, attributes, lastSyncDate } = script;
  return {
    executionId,
    operationId,
    kind,
    environmentId,
    environmentName,
    accountId,
    emptyCache,
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
