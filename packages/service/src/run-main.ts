import { setFlagsFromString } from 'node:v8';
import { isAppError } from 'model';
import { ConfigurationError } from './config.js';
import { createLogger } from './logger.js';

/**
 * Runs an app's `main`: bad configuration ends the process with one clear line and code 1, any other failure with a logged error.
 * @example await runMain('proxy', async () => startService({ ... }))
 */
export async function runMain(name: string, boot: () => Promise<unknown>): Promise<void> {
  process.on('unhandledRejection', (reason) => die(name, reason));
  process.on('uncaughtException', (error) => die(name, error));
  countBuffersAsHeap();
  try {
    await boot();
  } catch (error) {
    die(name, error);
  }
}

/**
 * Bodies pass through our processes as buffers, which V8 keeps outside its heap: by itself it marks the whole heap for every 64 MB of
 * them, which took half of the proxy's and the runner's time. Counted with the heap, they wait for the next collection that is due.
 */
function countBuffersAsHeap(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit');
}

function die(name: string, error: unknown): never {
  if (error instanceof ConfigurationError || isAppError(error)) process.stderr.write(`${name}: ${error.message}\n`);
  else if (isAddressInUse(error)) process.stderr.write(`${name}: port ${error.port} is taken\n`);
  else createLogger(name).fatal('process.failed', { error });
  process.exit(1);
}

function isAddressInUse(error: unknown): error is Error & { port: number } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error;
}
