import { type LogLevel, Runtime } from '@temporalio/worker';
import type { Logger } from '../logger.js';

let installed = false;

/** Sends the Temporal SDK's own lines to our logger: its problems as they are, the rest at debug. Once in a process. */
export function useRuntimeLogger(logger: Logger): void {
  if (installed) return;
  installed = true;
  const write = (level: LogLevel, message: string, meta?: Record<string | symbol, unknown>): void => {
    const fields = { message, ...(meta?.['error'] ? { error: meta['error'] } : {}), ...(meta?.['workflowId'] ? { workflowId: meta['workflowId'] } : {}) };
    if (level === 'WARN') logger.warn('temporal', fields);
    else if (level === 'ERROR') logger.error('temporal', fields);
    else logger.debug('temporal', fields);
  };
  const at = (level: LogLevel) => (message: string, meta?: Record<string | symbol, unknown>) => write(level, message, meta);
  const target = { log: write, trace: at('TRACE'), debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
  // Stop signals are the service's: it stops the worker with the rest.
  Runtime.install({ logger: target, shutdownSignals: [], workerHeartbeatInterval: 0 });
}
