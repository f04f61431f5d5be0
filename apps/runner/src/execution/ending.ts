import type { RunOutcome } from 'jail';
import { AppError } from 'model';

/** Why an attempt's signal was fired, when nobody cancelled the run: this runner may not or cannot end it. */
export const leftReason = 'left';

/** How an attempt ends: with the run's outcome, or waiting until a moment. */
export type AttemptEnd = RunOutcome | { kind: 'parked'; until: Date };

/** What can end a script before its time: somebody cancels the run, the attempt is left, or a call decides. */
export class Ending {
  readonly #asked: AbortSignal;
  readonly #abandoned = new AbortController();
  #fatal: AppError | null = null;
  #end: AttemptEnd | null = null;

  constructor(asked: AbortSignal) {
    this.#asked = asked;
  }

  /** Told to the script, which may then end itself. */
  get cancelled(): AbortSignal {
    return this.#asked;
  }

  /** The script is stopped at once. */
  get abandoned(): AbortSignal {
    return this.#abandoned.signal;
  }

  /** Another attempt may bring the run to its end. */
  fail(error: AppError): void {
    this.#fatal ??= error;
    this.#abandoned.abort();
  }

  /** The run ends so, whatever its script would do. */
  conclude(end: AttemptEnd): void {
    this.#end ??= end;
    this.#abandoned.abort();
  }

  /** How the attempt ends, given what the script came to. Throws where the run's outcome is not this attempt's to tell. */
  of(outcome: RunOutcome): AttemptEnd {
    if (this.#fatal) throw this.#fatal;
    if (this.#asked.aborted && this.#asked.reason === leftReason) throw new AppError('service_unavailable', { message: 'The runner left this attempt' });
    return this.#end ?? outcome;
  }
}
