import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ExecutionStore, type Opened } from 'journal/postgres';
import { type ActionRequest, AppError, type AsyncActionAnswer, type ErrorCode } from 'model';
import type { TargetHeaders } from '../script/connection-target.decorator.js';
import { requireNames, unknownConnection, unknownIntegration } from '../script/connection-target.service.js';
import { type ActionOutcome, outcomeOf } from './action-outcome.js';
import { ActionAdmission } from './action-admission.js';
import { ActionEndings } from './action-endings.repository.js';
import { ActionRunner, type RunEnd } from './action-runner.js';
import { ActionRepository } from './action.repository.js';

/** A request to run an action; `idempotencyKey` where the caller sent one. */
export type ActionCall = { environmentId: number; headers: TargetHeaders; request: ActionRequest; idempotencyKey?: string | undefined };

/** What such a request names, found. */
type Target = { connectionId: number; scriptVersionId: number };

@Injectable()
export class ActionService {
  constructor(
    private readonly admission: ActionAdmission,
    private readonly actions: ActionRepository,
    private readonly executions: ExecutionStore,
    private readonly runner: ActionRunner,
    private readonly endings: ActionEndings,
  ) {}

  /** Runs an action to its end, when it is its turn. Once begun it outlives a caller who goes away (`gone`). */
  async trigger(call: ActionCall, gone?: AbortSignal): Promise<ActionOutcome> {
    const target = await this.find(call);
    const leave = await this.admission.enter(call.environmentId, gone);
    try {
      return await this.run(call, target);
    } finally {
      leave();
    }
  }

  private async run(call: ActionCall, target: Target): Promise<ActionOutcome> {
    const { environmentId } = call;
    const { executionId, fresh } = await this.open(call, target);
    const known = fresh ? null : await this.ended(environmentId, executionId);
    if (known) return known;
    const run = { environmentId, executionId };
    const end = await this.runToEnd(run);
    // A run that nobody has begun can be asked for again; another one may have had effects.
    if (end.kind === 'given_up') await this.abandon(run, end.code, { freeKey: end.code === 'runner_unavailable' });
    const outcome = await this.ended(environmentId, executionId);
    if (!outcome) throw new Error('an action is over in Temporal and open in its row');
    return outcome;
  }

  /** Queues an action whose result is asked for later: it runs when it is its turn, also when nothing can run it now. */
  async triggerAsync(call: ActionCall, maxRetries: number): Promise<AsyncActionAnswer> {
    const { executionId, fresh } = await this.open(call, await this.find(call));
    if (fresh) await this.actions.enqueue(call.environmentId, executionId, maxRetries);
    return { id: executionId, statusUrl: `/action/${executionId}` };
  }

  /** The outcome of an action that was started before. */
  async result(environmentId: number, executionId: string): Promise<ActionOutcome> {
    const current = await this.actions.currentTry(environmentId, executionId);
    const outcome = current === 'unsettled' ? null : await this.ended(environmentId, current ?? executionId);
    if (!outcome) throw new AppError('not_found', { message: `No action '${executionId}' has ended` });
    return outcome;
  }

  private async runToEnd(run: Run): Promise<RunEnd> {
    const watch = this.endings.watch(run.executionId);
    try {
      await this.orAbandon(run, () => this.runner.start(run));
      const soon = watch.over.then(() => over);
      const early = await Promise.race([soon, later()]);
      if (early) return early;
      for (;;) {
        const end = await Promise.race([soon, this.runner.end(run)]);
        if (end.kind === 'over' || end.code === 'script_aborted') return end;
        // Whatever time was over: what has not begun has waited for a place at a runner.
        if (await this.isUnbegun(run)) return { kind: 'given_up', code: 'runner_unavailable' };
        if (end.code !== 'runner_unavailable') return end;
        await this.runner.resume(run);
      }
    } finally {
      watch.stop();
    }
  }

  private async isUnbegun({ environmentId, executionId }: Run): Promise<boolean> {
    return (await this.executions.find(environmentId, executionId))?.status === 'queued';
  }

  private open({ environmentId, request, idempotencyKey }: ActionCall, target: Target): Promise<Opened> {
    return this.executions.open({ environmentId, kind: 'action', ...target, input: request.input, idempotencyKey });
  }

  private async find({ environmentId, headers, request }: ActionCall): Promise<Target> {
    const names = requireNames(headers);
    const actionName = request.action_name;
    const found = await this.actions.find(environmentId, { ...names, actionName });
    if (!found) throw unknownIntegration(names.providerConfigKey);
    const { connectionId, scriptVersionId } = found;
    if (connectionId === null) throw unknownConnection(names.providerConfigKey, names.connectionId, 400);
    if (scriptVersionId === null)
      throw new AppError('not_found', { message: `No action '${actionName}' is deployed for the integration '${names.providerConfigKey}'` });
    if (!found.enabled) throw new AppError('disabled_resource', { message: `The action '${actionName}' is disabled` });
    return { connectionId, scriptVersionId };
  }

  private async ended(environmentId: number, executionId: string): Promise<ActionOutcome | null> {
    const result = await this.executions.find(environmentId, executionId);
    return result?.kind === 'action' ? outcomeOf(result) : null;
  }

  // What the caller is told could not be started must not run behind their back.
  private async orAbandon(run: Run, start: () => Promise<void>): Promise<void> {
    try {
      await start();
    } catch (error) {
      await this.abandon(run, 'temporal_unavailable', { freeKey: true });
      throw error;
    }
  }

  private async abandon({ environmentId, executionId }: Run, code: ErrorCode, { freeKey }: { freeKey: boolean }): Promise<void> {
    const status = code === 'script_aborted' ? 'cancelled' : 'failed';
    const error = { code, message: reasons[code] ?? code.replaceAll('_', ' ') };
    await this.actions.abandon(environmentId, executionId, { status, error, freeKey });
  }
}

type Run = { environmentId: number; executionId: string };

const over: RunEnd = { kind: 'over' };

/** Most actions have ended by then; for the others it is worth asking Temporal, which also knows of those it gave up. */
const later = (): Promise<undefined> => wait(2_000, undefined, { ref: false });

const reasons: Partial<Record<ErrorCode, string>> = {
  temporal_unavailable: 'The script engine could not be reached; the action was not run',
  runner_unavailable: 'No runner was free to start the action in time; it was not run',
  script_aborted: 'The run was cancelled',
  execution_timeout: 'The action did not end in time',
  execution_interrupted: 'The run was interrupted and is not run again',
};
