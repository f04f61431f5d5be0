import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/** Nest's own lines, as events of our logger: its chatter at debug, its problems as they are. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: (message: unknown) => logger.debug('nest', { message }),
    debug: (message: unknown) => logger.debug('nest', { message }),
    verbose: (message: unknown) => logger.debug('nest', { message }),
    warn: (message: unknown) => logger.warn('nest', { message }),
    error: (message: unknown) => logger.error('nest', message instanceof Error ? { error: message } : { message }),
    fatal: (message: unknown) => logger.fatal('nest', message instanceof Error ? { error: message } : { message }),
  };
}
