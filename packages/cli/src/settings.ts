import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from './cli-error.js';
import type { Terminal } from './terminal.js';

type Environment = Record<string, string | undefined>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The folder a command works in. Called as the root script of this repository, pnpm has changed the folder;
 * the one the user stands in is INIT_CWD then. In every other case INIT_CWD may be an unrelated folder.
 */
export function workingFolder(cwd: string, environment: Environment): string {
  const ownRepository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
  const fromRoot = environment['npm_lifecycle_event'] === 'nango' && resolve(cwd) === ownRepository;
  return (fromRoot && environment['INIT_CWD']) || cwd;
}

/** The folder that holds nango.yaml: `NANGO_INTEGRATIONS_LOCATION`, else the working folder. */
export function projectFolder(environment: Environment): string {
  return resolve(process.cwd(), environment['NANGO_INTEGRATIONS_LOCATION'] || '.');
}

/** Where dry runs save what came from outside: `NANGO_MOCKS_RESPONSE_DIRECTORY`, else the project's folder. */
export function responsesFolder(project: string, environment: Environment): string {
  return resolve(project, environment['NANGO_MOCKS_RESPONSE_DIRECTORY'] || '.');
}

/** Takes `.env` of the working folder into the environment; what is set already stays. */
export function loadEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

/** The server's URL, without a slash at its end. A key never travels to a server that nobody named. */
export function serverUrl(environment: Environment): string {
  return (environment['NANGO_HOSTPORT'] || 'http://localhost:3003').replace(/\/+$/, '');
}

/** The server of this machine, for `deploy:local`. */
export function localServerUrl(environment: Environment): string {
  return `http://localhost:${environment['NANGO_PORT'] || environment['SERVER_PORT'] || '3003'}`;
}

/** The secret key of an environment: `NANGO_SECRET_KEY_<ENV>`, else `NANGO_SECRET_KEY`, else asked for. */
export async function secretKey(environmentName: string, environment: Environment, terminal: Terminal): Promise<string> {
  const name = `NANGO_SECRET_KEY_${environmentName.toUpperCase().replaceAll('-', '_')}`;
  const found = environment[name] || environment[`NANGO_SECRET_KEY_${environmentName.toUpperCase()}`] || environment['NANGO_SECRET_KEY'];
  if (found) return found.trim();
  if (!terminal.interactive)
    throw new CliError(`No secret key: set ${name} in the environment or in .env; the dashboard shows it under "Environment settings"`);
  const answer = await terminal.ask(`Secret key of '${environmentName}' (environment settings of the dashboard; set ${name} to be asked no more):`);
  if (!uuid.test(answer)) throw new CliError('This is no secret key; it looks like 00000000-0000-4000-8000-000000000000');
  return answer;
}

/** A JSON argument: written out, or `@file.json`. */
export function readJsonArgument(flag: string, text: string): unknown {
  const source = text.startsWith('@') ? readArgumentFile(flag, text.slice(1)) : text;
  try {
    return JSON.parse(source) as unknown;
  } catch {
    throw new CliError(`Failed to parse ${flag}: it is no JSON. Write for example ${flag} '{"name":"value"}' or ${flag} @file.json`);
  }
}

function readArgumentFile(flag: string, file: string): string {
  try {
    return readFileSync(resolve(file), 'utf8');
  } catch {
    throw new CliError(`${flag}: cannot read the file '${file}'`);
  }
}
