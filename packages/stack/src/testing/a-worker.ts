import type { WorkerOptions } from '@temporalio/worker';
import { quietTemporal } from './quiet-temporal.js';
import { temporalAddress } from './test-services.js';

type TestWorkerOptions = Omit<WorkerOptions, 'connection'> & { address?: string };

/** A worker of Temporal at work, on the tests' server unless another one is named. */
export async function aWorker({ address = temporalAddress(), ...options }: TestWorkerOptions): Promise<{ stop(): Promise<void> }> {
  await quietTemporal();
  const { NativeConnection, Worker } = await import('@temporalio/worker');
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({ ...options, connection });
  const running = worker.run();
  return {
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
