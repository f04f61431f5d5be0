import { AppError, type ChildAnswer, type ChildRequest, type ExecutionError, isErrorCode, type RunAnswer } from 'model';
import type { Caller, OrchestratorClient } from '../platform/orchestrator.client.js';
import { childAttempt, type RunRequest } from './attempt.js';
import { Gate } from './gate.js';
import { ParkedAttempt } from './parked-attempt.js';

const maxDepth = 5;
/** A script may call several actions at once; those it calls run their own one by one. */
const atOnce = { top: 4, below: 1 };

/** Actions that a script calls: each an execution of its own, run inside the parent's activity so that it needs no second slot. */
export class ChildRuns {
  readonly #orchestrator: OrchestratorClient;
  readonly #caller: Caller;
  readonly #parent: RunRequest;
  readonly #runExecution: (request: RunRequest) => Promise<RunAnswer>;
  readonly #gate: Gate;

  constructor(orchestrator: OrchestratorClient, caller: Caller, parent: RunRequest, runExecution: (request: RunRequest) => Promise<RunAnswer>) {
    this.#orchestrator = orchestrator;
    this.#caller = caller;
    this.#parent = parent;
    this.#runExecution = runExecution;
    this.#gate = new Gate(parent.depth === 0 ? atOnce.top : atOnce.below);
  }

  /** @returns the action's output; throws its error. A repeat of the same call takes up the same child. */
  run(request: ChildRequest): Promise<unknown> {
    if (this.#parent.depth >= maxDepth) throw new AppError('resource_capped', { message: `Actions may call each other ${maxDepth} deep` });
    return this.#gate.pass(async () => {
      const opened = await this.#orchestrator.openChild(this.#caller, request);
      if (opened.kind !== 'opened') return outputOf(opened);
      const ended = await this.#runExecution(this.#requestFor(opened.executionId));
      // Its parent waits with it; the next attempt takes both up again.
      if (ended.status === 'parked' && ended.until) throw new ParkedAttempt(new Date(ended.until));
      // The row knows how it ended, whoever ended it.
      return outputOf(await this.#orchestrator.openChild(this.#caller, request));
    });
  }

  #requestFor(executionId: string): RunRequest {
    const { attempt, signal, onAlive, depth, longWaits } = this.#parent;
    // A caller who waits is not refused for what an action inside another one has to wait for.
    return {
      executionId,
      attempt: childAttempt(attempt, executionId),
      signal,
      onAlive,
      depth: depth + 1,
      longWaits: longWaits === 'parks' ? 'parks' : 'waits',
    };
  }
}

function outputOf(answer: ChildAnswer): unknown {
  if (answer.kind === 'succeeded') return answer.output;
  if (answer.kind === 'failed') throw toAppError(answer.error);
  throw new AppError('execution_interrupted', { message: 'The action did not come to an end' });
}

function toAppError({ code, message, payload }: ExecutionError): AppError {
  return new AppError(isErrorCode(code) ? code : 'script_internal_error', { message, ...(payload === undefined ? {} : { payload }) });
}
