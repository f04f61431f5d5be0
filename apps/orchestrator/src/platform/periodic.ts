import type { Logger } from 'service';

/** Work that is done at once and then every `intervalMs`, never twice at a time. A round that fails is logged, and the next one comes as planned. */
export class Periodic {
  #isStopped = false;
  #isAsked = false;
  #wake: (() => void) | undefined;
  readonly #running: Promise<void>;

  constructor(
    private readonly name: string,
    private readonly intervalMs: number,
    private readonly logger: Logger,
    private readonly work: () => Promise<void>,
  ) {
    this.#running = this.run();
  }

  /** Does it now, or once more right after the round that is under way. */
  now(): void {
    this.#isAsked = true;
    this.#wake?.();
  }

  /** No further round; resolves when the one under way has ended. */
  stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake?.();
    return this.#running;
  }

  private async run(): Promise<void> {
    while (!this.#isStopped) {
      this.#isAsked = false;
      await this.work().catch((error: unknown) => this.logger.error(`${this.name}.failed`, { error }));
      if (!this.#isAsked && !this.#isStopped) await this.pause();
    }
  }

  private async pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.intervalMs);
      this.#wake = () => (clearTimeout(timer), resolve());
    });
    this.#wake = undefined;
  }
}
