import { createLogger, loadConfig } from 'service';
import { describe, expect, it } from 'vitest';
import { Configuration } from '../configuration.js';
import { openDriver } from './jails.js';

const configuration = (env: Record<string, string>) => loadConfig(Configuration, { NANGO_INTERNAL_KEY: 'x'.repeat(32), ...env });
const open = (env: Record<string, string>) => openDriver(configuration(env), createLogger('runner'));

describe('the wall of a runner', () => {
  it('is what the configuration says', async () => {
    expect((await open({ RUNNER_JAIL: 'process' })).tier).toBe('process');
  });

  it('is the strongest that this system lets be built, or the reason why there is none of the kernel', async () => {
    const { tier } = await open({});
    const kernel = await open({ RUNNER_JAIL: 'kernel' }).then(
      (driver) => driver.tier,
      (error: Error) => error.message,
    );
    expect(kernel).toMatch(tier === 'kernel' ? /^kernel$/ : /^No kernel jail can be started here: .+/);
  });

  it('is never below the kernel for many tenants', async () => {
    await expect(open({ NANGO_MULTI_TENANT: 'true', RUNNER_JAIL: 'process' })).rejects.toThrow('NANGO_MULTI_TENANT needs kernel jails');
    const outcome = await open({ NANGO_MULTI_TENANT: 'true' }).catch((error: Error) => error);
    expect(outcome instanceof Error ? outcome.message : outcome.tier).toMatch(/^kernel$|^NANGO_MULTI_TENANT needs kernel jails/);
  });
});
