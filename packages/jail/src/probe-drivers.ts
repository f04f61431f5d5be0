import type { JailTier, RunnerDriver } from './driver.js';
import { kernelDrivers } from './kernel/kernel-driver.js';
import { defaultSize } from './node-arguments.js';
import { processDriver } from './process-driver.js';

/** Which wall is asked for: `auto` takes the strongest that the system lets be built. */
export type JailChoice = 'auto' | JailTier;

/** A wall that does not stand on this system, and why. */
export type Unavailable = { tier: JailTier; reason: string };

/** Tries every driver by starting a jail with it; those that stand come strongest first. */
export async function probeDrivers(): Promise<{ available: RunnerDriver[]; unavailable: Unavailable[] }> {
  const available: RunnerDriver[] = [];
  const unavailable: Unavailable[] = [];
  for (const candidate of [...kernelDrivers(), { driver: processDriver }]) {
    if ('missing' in candidate) unavailable.push({ tier: 'kernel', reason: candidate.missing });
    else {
      const reason = await problemOf(candidate.driver);
      if (reason === null) available.push(candidate.driver);
      else unavailable.push({ tier: candidate.driver.tier, reason: `${candidate.driver.details}: ${reason}` });
    }
  }
  return { available, unavailable };
}

/** The driver to run scripts with. Throws where there is none of the tier that was asked for, and says why. */
export async function chooseDriver(choice: JailChoice): Promise<RunnerDriver> {
  if (choice === 'process') return processDriver;
  const { available, unavailable } = await probeDrivers();
  const found = available.find(({ tier }) => choice === 'auto' || tier === choice);
  if (found) return found;
  throw new Error(`No ${choice === 'auto' ? '' : `${choice} `}jail can be started here: ${unavailable.map(({ reason }) => reason).join('; ')}`);
}

async function problemOf(driver: RunnerDriver): Promise<string | null> {
  const jail = driver.start(defaultSize);
  try {
    await jail.ready;
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'it did not start';
  } finally {
    jail.kill();
    await jail.exited;
  }
}
