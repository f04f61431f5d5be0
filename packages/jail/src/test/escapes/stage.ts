import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { ExecutionLimits } from 'model';
import type { RunnerDriver } from '../../driver.js';
import { createJailPool } from '../../jail-pool.js';
import type { JailPool, RunOutcome } from '../../job.js';
import { kernelDrivers } from '../../kernel/kernel-driver.js';
import { probeDrivers, type Unavailable } from '../../probe-drivers.js';
import { jailProgram, type NodeProgram } from '../../node-arguments.js';
import { processDriverOf } from '../../process-driver.js';
import { aBroker, aJob } from '../a-job.js';

/** Stands in the environment of the process that starts the jails, and must be seen nowhere else. */
export const canary = 'canary-5f1e6d';

/** Where attempts are made: jails of one driver, and jails of the same driver whose script has left its realm already. */
export class Stage {
  readonly pool: JailPool;
  readonly #broken: JailPool;
  /** Everything that any script has answered or logged. */
  readonly said: string[] = [];

  constructor(driver: RunnerDriver, hostile: RunnerDriver) {
    this.pool = createJailPool({ size: 2, driver });
    this.#broken = createJailPool({ size: 0, driver: hostile });
  }

  /** Runs the body of an action. */
  run(body: string, limits: Partial<ExecutionLimits> = {}): Promise<RunOutcome> {
    return this.#hear(this.pool, `exports.default = async (nango, input) => { ${body} }`, limits);
  }

  /** Runs statements with `process` and `require` at hand, behind the driver's walls alone. */
  breakOut(body: string, limits: Partial<ExecutionLimits> = {}): Promise<RunOutcome> {
    return this.#hear(this.#broken, body, limits);
  }

  /** What each expression gives a script, as text; what was thrown begins with `refused`. */
  async attempt(...expressions: string[]): Promise<string[]> {
    return answers(await this.run(listing(expressions)));
  }

  /** {@link attempt} for a script that has left its realm. */
  async attemptOutside(...expressions: string[]): Promise<string[]> {
    return answers(await this.breakOut(listing(expressions)));
  }

  async code(body: string, limits: Partial<ExecutionLimits> = {}): Promise<string> {
    const outcome = await this.run(body, limits);
    return outcome.kind === 'failed' ? outcome.error.code : outcome.kind;
  }

  async close(): Promise<void> {
    await this.pool.close();
    await this.#broken.close();
  }

  async #hear(pool: JailPool, code: string, limits: Partial<ExecutionLimits>): Promise<RunOutcome> {
    const { broker, heard } = aBroker();
    // What has left its realm would not answer the question for a new one: such a jail ends with its run.
    const job = { ...aJob(code, { limits, broker }), ...(pool === this.#broken ? { warmFor: null } : {}) };
    const outcome = await pool.run(job);
    this.said.push(JSON.stringify([outcome, heard.logs]));
    return outcome;
  }
}

/** A driver on this system, with its double that starts a hostile program. */
export type Pair = { name: string; driver: RunnerDriver; hostile: RunnerDriver };

/** Every driver that works here; the kernel's walls face the hostile program alone, without Node's own. */
export async function pairs(): Promise<{ pairs: Pair[]; unavailable: Unavailable[]; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'nango-hostile-'));
  const file = join(folder, 'hostile.cjs');
  await build({ entryPoints: [fileURLToPath(new URL('./hostile-process.ts', import.meta.url))], outfile: file, bundle: true, platform: 'node', format: 'cjs' });
  const bare: NodeProgram = { file, arguments: ({ heapMb }, program) => [`--max-old-space-size=${heapMb}`, '--v8-pool-size=1', program] };
  const hostile = [...kernelDrivers(bare).flatMap((candidate) => ('driver' in candidate ? [candidate.driver] : [])), processDriverOf({ ...jailProgram, file })];
  const { available, unavailable } = await probeDrivers();
  const found = available.flatMap((driver) => {
    const double = hostile.find(({ details }) => details === driver.details);
    return double ? [{ name: `${driver.tier} (${driver.details})`, driver, hostile: double }] : [];
  });
  return { pairs: found, unavailable, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Processes of the machine whose command line has this text. */
export function processesWith(text: string): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandLine(name).includes(text)).length;
}

/** Jails, and what builds them, that this process has started and that are still there. */
export function jailsBelow(pid: number | string = process.pid): string[] {
  return childrenOf(pid).flatMap((child) => [...(/bwrap|unshare|jail-process|hostile\.cjs/.test(commandLine(child)) ? [child] : []), ...jailsBelow(child)]);
}

function childrenOf(pid: number | string): string[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  } catch {
    return [];
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function listing(expressions: string[]): string {
  const tries = expressions.map((expression) => `try { out.push(String(await (${expression}))) } catch (error) { out.push('refused: ' + error) }`);
  return `const out = []; ${tries.join('\n')}; return out`;
}

function answers(outcome: RunOutcome): string[] {
  if (outcome.kind !== 'succeeded' || !Array.isArray(outcome.output)) throw new Error(JSON.stringify(outcome));
  return outcome.output.map(String);
}
