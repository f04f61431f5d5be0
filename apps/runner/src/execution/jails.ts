import { chooseDriver, type RunnerDriver } from 'jail';
import { ConfigurationError, type Logger } from 'service';
import type { Configuration } from '../configuration.js';

/** Injection token of the runner's `JailPool`. */
export const JAILS = Symbol('JailPool');

/** Injection token of the `RunnerDriver` that its jails are built with. */
export const JAIL_DRIVER = Symbol('RunnerDriver');

/**
 * The driver that this system lets us build jails with, found by building one.
 * @throws ConfigurationError where the configuration asks for a stronger wall than there is
 */
export async function openDriver({ RUNNER_JAIL, NANGO_MULTI_TENANT }: Configuration, logger: Logger): Promise<RunnerDriver> {
  if (NANGO_MULTI_TENANT && RUNNER_JAIL === 'process') throw new ConfigurationError('NANGO_MULTI_TENANT needs kernel jails, RUNNER_JAIL asks for process');
  try {
    const driver = await chooseDriver(NANGO_MULTI_TENANT ? 'kernel' : RUNNER_JAIL);
    logger.info('jail.tier', { tier: driver.tier, details: driver.details });
    return driver;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown problem';
    throw new ConfigurationError(`${NANGO_MULTI_TENANT ? 'NANGO_MULTI_TENANT needs kernel jails. ' : ''}${reason} (docs/jail.md says what a jail needs)`);
  }
}
