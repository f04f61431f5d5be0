import { IllegalStateError, type LogLevel, Runtime } from '@temporalio/worker';
import type { Logger } from '../logger.js';

/** Sends the Temporal SDK's own lines to our logger: its problems as they are, the rest at debug. A process has one runtime: the first to install decides. */
export function useRuntimeLogger(logger: Logger): void {
  const write = (level: LogLevel, message: string, meta?: Record<string | symbol, unknown>): void => {
    const fields = { message, ...(meta?.['error'] ? { error: meta['error'] } : {}), ...(meta?.['workflowId'] ? { workflowId: meta['workflowId'] } : {}) };
    if (level === 'WARN') logger.warn('temporal', fields);
    else if (level === 'ERROR') logger.error('temporal', fields);
    else logger.debug('temporal', fields);
  };
  const at = (level: LogLevel) => (message: string, meta?: Record<string | symbol, unknown>) => write(level, message, meta);
  const target = { log: write, trace: at('TRACE'), debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
  try {
    // Stop signals are the service's: it stops the worker with the rest.
    Runtime.install({ logger: target, shutdownSignals: [], workerHeartbeatInterval: 0 });
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error;
  }
}
