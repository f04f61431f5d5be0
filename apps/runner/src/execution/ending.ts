import { AppError } from 'model';

/** Why an attempt's signal was fired, when nobody cancelled the run: this runner may not or cannot end it. */
export const leftReason = 'left';

/** What can end a script before its time: somebody cancels the run, the attempt is left, or a call shows that it has no say any more. */
export class Ending {
  readonly #controller = new AbortController();
  readonly #asked: AbortSignal;
  #fatal: AppError | null = null;

  constructor(asked: AbortSignal) {
    this.#asked = asked;
    if (asked.aborted) this.#controller.abort();
    else asked.addEventListener('abort', () => this.#controller.abort(), { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  fail(error: AppError): void {
    this.#fatal ??= error;
    this.#controller.abort();
  }

  /** Throws where the run's outcome is not this attempt's to tell. */
  check(): void {
    if (this.#fatal) throw this.#fatal;
    if (this.#asked.aborted && this.#asked.reason === leftReason) throw new AppError('service_unavailable', { message: 'The runner left this attempt' });
  }
}
