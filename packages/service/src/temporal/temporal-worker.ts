import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../logger.js';
import { useRuntimeLogger } from './runtime-logger.js';

const retryMs = 2_000;

/** Where Temporal answers, and the rest of what a worker is made with. */
export type TemporalWorkerOptions = { address: string; worker: Omit<WorkerOptions, 'connection'>; logger: Logger };

/** A worker of Temporal that comes up with its process where Temporal answers, later where it does not yet, and again when it fails. */
export class TemporalWorker {
  readonly #options: TemporalWorkerOptions;
  #worker: Worker | undefined;
  #running: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(options: TemporalWorkerOptions) {
    this.#options = options;
  }

  /** Resolves when it has tried once; what failed is tried again behind the caller's back. */
  async start(): Promise<void> {
    useRuntimeLogger(this.#options.logger);
    const isUp = await this.#try();
    if (!isUp) this.#running = this.#keepTrying();
  }

  /** Takes no new task; resolves when those under way are over, or after the worker's grace time were told to end and have. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#worker?.getState() === 'RUNNING') this.#worker.shutdown();
    await this.#running;
  }

  async #keepTrying(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await wait(retryMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || (await this.#try())) return;
    }
  }

  async #try(): Promise<boolean> {
    const { address, worker, logger } = this.#options;
    try {
      const connection = await NativeConnection.connect({ address });
      this.#worker = await Worker.create({ ...worker, connection }).catch(async (error: unknown) => {
        await connection.close();
        throw error;
      });
      this.#running = this.#run(this.#worker, connection);
      return true;
    } catch (error) {
      logger.error('worker.start_failed', { error });
      return false;
    }
  }

  async #run(worker: Worker, connection: NativeConnection): Promise<void> {
    await worker.run().catch((error: unknown) => this.#options.logger.error('worker.failed', { error }));
    await connection.close();
    if (!this.#stopping.signal.aborted) await this.#keepTrying();
  }
}
