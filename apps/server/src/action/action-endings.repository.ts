import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { listen, POOL, type Pool, type Subscription } from 'database';
import { channels } from 'model';

/** One caller's wait for one run. */
export type Watch = { over: Promise<void>; stop(): void };

/** Hears of actions that have ended from the database itself, which knows sooner than Temporal does. */
@Injectable()
export class ActionEndings implements OnModuleInit, OnApplicationShutdown {
  readonly #waiting = new Map<string, Set<() => void>>();
  #subscription: Subscription | undefined;

  constructor(@Inject(POOL) private readonly pool: Pool) {}

  async onModuleInit(): Promise<void> {
    this.#subscription = await listen(this.pool, channels.actionEnded, (executionId) => this.#tell(executionId));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#subscription?.close();
  }

  /** To be asked before the run can end. A notification can be lost: who waits long should ask Temporal as well. */
  watch(executionId: string): Watch {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const watchers = this.#waiting.get(executionId) ?? new Set();
    this.#waiting.set(executionId, watchers.add(resolve));
    const stop = (): void => {
      watchers.delete(resolve);
      if (watchers.size === 0) this.#waiting.delete(executionId);
    };
    return { over, stop };
  }

  #tell(executionId: string): void {
    for (const resolve of this.#waiting.get(executionId) ?? []) resolve();
  }
}
