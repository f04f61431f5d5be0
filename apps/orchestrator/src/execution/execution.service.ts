import { Injectable } from '@nestjs/common';
import { ExecutionStore, JournalReader, type RunningExecution } from 'journal/postgres';
import { AppError, type BeginAnswer, type BeginRequest, defaultLimits } from 'model';
import { findProvider } from 'providers';
import { withoutSourceMap } from 'script/stack-trace';
import { BundleRepository } from '../bundle/bundle.repository.js';
import { ExecutionRepository, type ScriptOfExecution } from './execution.repository.js';

@Injectable()
export class ExecutionService {
  constructor(
    private readonly executions: ExecutionStore,
    private readonly scripts: ExecutionRepository,
    private readonly bundles: BundleRepository,
    private readonly reader: JournalReader,
  ) {}

  async begin(executionId: string, request: BeginRequest): Promise<BeginAnswer> {
    const beginning = await this.executions.begin(executionId, request);
    if (beginning.kind === 'over') return beginning;
    const { execution, token, input, resumes } = beginning;
    const script = await this.scripts.script(execution);
    if (!script) throw new AppError('unknown_execution', { message: 'Its script or connection is gone' });
    const { bundleHash, logLines } = script;
    return {
      kind: 'run',
      token,
      generation: execution.generation,
      bundleHash,
      context: contextOf(execution, script),
      input,
      limits: defaultLimits[execution.kind],
      resumes,
      logLines,
    };
  }

  /** What earlier attempts have called, from a sequence number on; empty at the end. */
  journal(execution: RunningExecution, after: number): Promise<Uint8Array> {
    return this.reader.page(execution, after);
  }

  tape(execution: RunningExecution): Promise<string> {
    return this.reader.tape(execution);
  }

  async bundle(execution: RunningExecution): Promise<string> {
    const code = await this.bundles.code(execution);
    if (code === null) throw new AppError('not_found', { message: 'The bundle of this script version is gone' });
    return withoutSourceMap(code);
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
