import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** What a command printed, and how it ended. */
export type CliRun = { code: number; stdout: string; stderr: string };

/** Runs the built CLI in a folder, as a user would; never in CI mode unless the environment says so. */
export async function runCli(cwd: string, args: string[], environment: Record<string, string> = {}): Promise<CliRun> {
  const { CI: _, INIT_CWD: __, npm_lifecycle_event: ___, ...inherited } = process.env;
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...args], { cwd, env: { ...inherited, ...environment }, maxBuffer: 64e6 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    // What execFile throws for an exit code; anything else is no run at all.
    const { code, stdout, stderr } = error as Partial<CliRun>;
    if (typeof code !== 'number' || stdout === undefined || stderr === undefined) throw error;
    return { code, stdout, stderr };
  }
}
